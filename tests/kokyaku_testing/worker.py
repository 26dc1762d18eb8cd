"""A process that works the queue of background runs off, and can be killed at a chosen moment."""

import os
import signal
import subprocess

import place
import pytest

# The script says ``AT …`` where it stops to be killed, and ``DONE`` at its end.
BEGINNING = """
import time

def at(name):
    if name == moment:
        print("AT", name, flush=True)
        time.sleep(600)
"""
END = """
env["kokyaku.run"]._work()
env.cr.commit()
print("DONE", flush=True)
"""


class Worker:
    """Works the queue off as the cron does, in Odoo's shell.

    :param script: Python that makes Odoo call ``at(name)`` at the moments that have a name
    :param moment: the name of the moment at which it stops, to be killed there; None: at none
    :param environment: variables that differ from this process's
    """

    def __init__(self, database, script, moment=None, environment=None):
        self.process = subprocess.Popen(
            place.odoo("shell", "-d", database, "--no-http", "--log-level", "warn"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | (environment or {}),
        )
        script = f"moment = {moment!r}\n{BEGINNING}{script}{END}"
        self.process.stdin.write(
            f"try:\n    exec({script!r}, globals())\n"
            "except BaseException:\n    import traceback, os\n    traceback.print_exc()\n"
            "    os._exit(1)\n\n"
        )
        self.process.stdin.close()
        self.moment = moment

    def reach(self):
        """Wait until it is at its moment, or has nothing left to do; return itself."""
        words = f"AT {self.moment}" if self.moment else "DONE"
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith(words):
                break
        else:
            pytest.fail(f"The worker never said {words}:\n{''.join(said)}")
        if not self.moment:
            self.process.wait(60)
        return self

    def kill(self):
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)
