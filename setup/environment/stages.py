"""The stages of setup/test that are one program each."""

import json
import re
import shlex
import signal
import subprocess
import threading
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from .databases import CORE
from .paths import CHECKOUT, PYTHON, TESTS, addons
from .postgres import ROLE
from .processes import die_with_parent, last_words

SECONDS_TO_STOP = 20
_children = set()
_children_lock = threading.Lock()


@dataclass
class Outcome:
    """How a stage ended. ``report`` says what failed, and where to read on."""

    passed: int = 0
    failed: int = 0
    report: str = ""


def execute(site, name, command, **options):
    """Run a program of a stage; everything it says goes into a log of the stage's own.

    :return: its exit code, what it said, and the log's path
    """
    log = site.folder / "logs" / f"{name.replace('/', '-')}.log"
    log.parent.mkdir(exist_ok=True)
    options.setdefault("env", test_environment(site))
    with open(log, "wb") as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
            process_group=0,
            **options,
        )
        with _children_lock:
            _children.add(child)
        try:
            code = child.wait()
        finally:
            with _children_lock:
                _children.discard(child)
    return code, log.read_text(errors="replace"), log


def stop_children():
    """End the programs that run, when the person at the terminal wants no more."""
    with _children_lock:
        children = list(_children)
    for child in children:
        child.send_signal(signal.SIGINT)
    for child in children:
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()


def test_environment(site, **more):
    """What the tests and the benchmark learn about where they are; see tests/README.md."""
    return site.environment(
        KOKYAKU_PG=str(site.cluster.sockets),
        KOKYAKU_DB_USER=ROLE,
        KOKYAKU_ODOO=shlex.join(site.odoo()),
        KOKYAKU_DATA_DIR=str(site.data),
        KOKYAKU_TEMPLATE=CORE,
        PYTHONPATH=str(TESTS),
        **more,
    )


def _one_check(code, said, log):
    if code:
        return Outcome(failed=1, report=f"{last_words(said, 40)}\n(from {log})")
    return Outcome(passed=1)


def _ruff(site):
    command = (PYTHON, "-m", "ruff", "check", "--no-cache", CHECKOUT)
    return _one_check(*execute(site, "ruff", command, cwd=CHECKOUT))


def _pylint(site):
    command = (PYTHON, "-P", "-m", "pylint", "--rcfile", CHECKOUT / ".pylintrc", *addons())
    return _one_check(*execute(site, "pylint", command, cwd=CHECKOUT))


def _translations(site):
    """Each add-on's Japanese is well-formed and whole."""
    outcome = Outcome()
    for name in addons():
        file = CHECKOUT / name / "i18n/ja.po"
        if not file.exists():
            outcome.failed += 1
            outcome.report += f"{file.relative_to(CHECKOUT)} is missing.\n"
            continue
        command = ("msgfmt", "--check-format", "--statistics", "-o", "/dev/null", file)
        code, said, _log = execute(site, f"translation-{name}", command)
        if code or re.search(r"\d+ (untranslated|fuzzy)", said):
            outcome.failed += 1
            outcome.report += f"{file.relative_to(CHECKOUT)}:\n{last_words(said)}\n"
        else:
            outcome.passed += 1
    return outcome


LINTERS = (("ruff", _ruff), ("pylint", _pylint), ("translations", _translations))


def rules(site, names):
    """The add-ons' unit tests without a database."""
    command = (PYTHON, "-P", CHECKOUT / "setup/environment/rules.py", CHECKOUT, *names)
    code, said, log = execute(site, "rules", command)
    lines = said.strip().splitlines() or [""]
    try:
        counts = json.loads(lines[-1])
    except ValueError:
        counts = {"passed": 0, "failed": 1}
    if code and not counts["failed"]:
        counts["failed"] = 1
    report = f"{last_words(said, 60)}\n(from {log})" if counts["failed"] else ""
    return Outcome(counts["passed"], counts["failed"], report)


def pytest(site, name, words):
    """Tests under tests/; a skipped test counts as failed, for it proved nothing."""
    report = site.folder / "logs" / f"{name.replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    command = (PYTHON, "-m", "pytest", "-q", f"--junitxml={report}", *words)
    code, said, log = execute(site, name, command, cwd=TESTS)
    if not report.exists():
        return Outcome(failed=1, report=f"{last_words(said, 30)}\n(from {log})")
    total = failed = 0
    for suite in ElementTree.parse(report).iter("testsuite"):
        total += int(suite.get("tests"))
        failed += sum(int(suite.get(kind)) for kind in ("failures", "errors", "skipped"))
    if code and not failed and total:
        failed = 1
    words = f"{last_words(said, 80)}\n(from {log})" if failed or not total else ""
    return Outcome(max(total - failed, 0), failed, words)


def bench(site):
    """The benchmark at its smallest: whether each result equals its floor's.

    Its speed is not judged here, for another stage runs beside it: ``setup/bench`` does that.
    """
    results = site.folder / "logs" / "bench.json"
    results.unlink(missing_ok=True)
    command = (PYTHON, "-m", "bench", "--scale", "S", "--json", results)
    code, said, log = execute(site, "bench", command)
    differing = [line for line in said.splitlines() if "the results differ" in line]
    if code not in (0, 1) or not results.exists():
        return Outcome(failed=1, report=f"{last_words(said, 40)}\n(from {log})")
    lines = json.loads(results.read_text())
    report = differing + [
        f"{line['name']}: {line['ratio']:.2f} times its floor beside another stage"
        for line in lines
        if not line["ok"]
    ]
    return Outcome(len(lines), len(differing), "\n".join(report))
