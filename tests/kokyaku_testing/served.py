"""A real Odoo server for a test."""

import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import place
from environment.processes import die_with_parent

SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


class Server:
    """Odoo in a process of its own, serving one database.

    :ivar url: where it answers, without a slash at the end
    :ivar process: the process, to be killed by tests of that
    :ivar log: the path of what it reports
    """

    def __init__(self, database, *options):
        self.database, self.options = database, options
        self.port = place.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = Path(place.settings()["data_dir"]).parent / "logs" / f"server-{database}.log"
        self.log.parent.mkdir(exist_ok=True)
        self.log.write_bytes(b"")
        self.process = None

    def start(self):
        """Start it and wait until it answers; may be called again after the process ended."""
        words = ("server", "-d", self.database, "--http-port", str(self.port), *self.options)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                place.odoo(*words),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/web/login", timeout=60).close()
                return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"Odoo does not answer:\n{self.log.read_text()[-4000:]}")

    def wake_cron(self):
        """Have its cron look for work now, as the commit of a button does."""
        time.sleep(1)  # until its cron thread listens
        place.execute("postgres", "SELECT pg_notify('cron_trigger', %s)", (self.database,))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
