"""setup/bench: the benchmark, whose own code is tests/bench."""

import signal
import subprocess

from .databases import Databases
from .paths import PYTHON
from .preparing import prepare, preparing
from .site import Site
from .stages import test_environment


def bench(words):
    """Run the benchmark with these words; give back its exit code."""
    prepare()
    site = Site("test")
    with site.open():
        with preparing():
            Databases(site).ensure_core()
        child = subprocess.Popen([PYTHON, "-m", "bench", *words], env=test_environment(site))
        # Ctrl-C reaches the benchmark by itself; here it must not end before that has.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()
