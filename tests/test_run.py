"""The first command, in a fresh copy of this checkout: it serves the demo company."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import place
import pytest
from kokyaku_testing.web import log_in

CHECKOUT = Path(__file__).resolve().parents[1]
SECONDS_OF_THE_SECOND_RUN = 20  # on a machine that has nothing else to do
URL = re.compile(r"http://127\.0\.0\.1:\d+")


class Run:
    """setup/run as someone started it in a terminal."""

    def __init__(self, checkout, *words):
        self.port = place.free_port()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [checkout / "setup/run", "--port", str(self.port), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        self.said = ""

    def url(self):
        """Wait until it says where it serves."""
        for line in self.process.stdout:
            self.said += line
            if found := URL.search(line):
                self.seconds = time.monotonic() - self.began
                return found[0]
        pytest.fail(f"setup/run ended with {self.process.wait()}:\n{self.said}")

    def stop(self):
        """Press Ctrl-C; return the exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.said += self.process.stdout.read()
        return self.process.wait(60)


@pytest.fixture(scope="module")
def fresh_copy():
    """This checkout as a clone of it would be, with nothing installed yet."""
    folder = Path(tempfile.mkdtemp(prefix="kokyaku-fresh-"))
    folder.chmod(0o755)
    copy = folder / "checkout"
    foreign = shutil.ignore_patterns(".local", ".git", "__pycache__", "output")
    shutil.copytree(CHECKOUT, copy, ignore=foreign)
    yield copy
    shutil.rmtree(folder)


def commands():
    """The command lines of all processes: ``{pid: text}``."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        found[int(path.parent.name)] = command
    return found


def processes_in(folder):
    """The processes whose command line names the folder."""
    return [command for command in commands().values() if str(folder) in command]


def orders_after(checkout, code=""):
    """Run code in setup/odoo's shell; return the number of orders after it."""
    done = subprocess.run(
        [checkout / "setup/odoo", "shell", "--no-http"],
        input=f"{code}\nenv.cr.commit()\nprint('ORDERS', env['sale.order'].search_count([]))\n",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return int(re.search(r"ORDERS (\d+)", done.stdout)[1])


def test_two_commands_and_a_browser(fresh_copy, page):
    """First run, log in, Ctrl-C; second run, within twenty seconds, with what was entered.

    A busy machine may take three times as long as it takes for Odoo's shell.
    """
    run = Run(fresh_copy)
    try:
        url = run.url()
        log_in(page, url)
        page.click(".o_navbar_apps_menu button")
        page.get_by_role("menuitem", name="顧客ポートフォリオ").click()
        page.wait_for_selector(".o_action_manager :text('優良')")
        page.goto("about:blank")  # the web client would miss its server
    finally:
        code = run.stop()
    assert code == 0, run.said
    assert processes_in(fresh_copy) == []
    again = Run(fresh_copy)
    try:
        page.goto(f"{again.url()}/odoo")
        page.wait_for_selector("input[name=login], .o_main_navbar")
        page.goto("about:blank")
    finally:
        again.stop()
    assert processes_in(fresh_copy) == []
    began = time.monotonic()
    orders_after(fresh_copy)
    floor = time.monotonic() - began
    assert again.seconds < max(SECONDS_OF_THE_SECOND_RUN, 3 * floor), again.said


def test_an_update_brings_changed_code_in(fresh_copy):
    """The next run after a change updates the add-ons first; what was entered stays."""
    entered = orders_after(fresh_copy, "env['sale.order'].search([], limit=1).copy()")
    manifest = fresh_copy / "kokyaku_crm" / "__manifest__.py"
    manifest.write_text(manifest.read_text().replace("19.0.1.0.0", "19.0.1.0.1"))
    run = Run(fresh_copy)
    try:
        run.url()
    finally:
        run.stop()
    assert "Updating the demo company" in run.said
    log = (fresh_copy / ".local/run/install.log").read_text()
    assert "Module kokyaku_crm loaded" in log
    assert orders_after(fresh_copy) == entered
    assert not re.search(r" (WARNING|ERROR|CRITICAL) ", log), log


def test_it_serves_again_after_a_reload(fresh_copy):
    """Odoo reloads itself when a scheduled action takes longer than its limit."""
    run = Run(fresh_copy)
    log = fresh_copy / ".local/run/serve.log"
    try:
        url = run.url()
        for pid, command in commands().items():
            if f"--http-port {run.port}" in command:
                os.kill(pid, signal.SIGHUP)
        deadline = time.monotonic() + 300
        while log.read_text().count("HTTP service (werkzeug) running") < 2:
            assert time.monotonic() < deadline and run.process.poll() is None, log.read_text()
            time.sleep(0.2)
        with urllib.request.urlopen(f"{url}/web/login", timeout=60) as answer:
            assert answer.status == 200
    finally:
        assert run.stop() == 0, run.said
    assert processes_in(fresh_copy) == []


def test_killed_it_leaves_nothing_that_disturbs(fresh_copy):
    """After kill -9 Odoo goes too, and the next run adopts what is left."""
    run = Run(fresh_copy)
    run.url()
    run.process.kill()
    run.process.wait()
    deadline = time.monotonic() + 300
    while any("odoo" in c and "--http-port" in c for c in processes_in(fresh_copy)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    again = Run(fresh_copy)
    try:
        again.url()
    finally:
        assert again.stop() == 0
    assert processes_in(fresh_copy) == []
