"""setup/bench: the benchmark, whose own code is tests/bench."""

import argparse
import signal
import subprocess

from . import space
from .databases import Databases
from .paths import PYTHON
from .preparing import prepare, preparing
from .site import Site
from .stages import test_environment

# GB on the disk at most, of each size. Of M 4.1 GB of databases and 1.9 GB of PostgreSQL's log were
# measured; of L nothing: it has ten times the rows.
SPACE = {"S": 1, "M": 8, "L": 60}


def bench(words):
    """Run the benchmark with these words; give back its exit code."""
    prepare()
    site = Site("test")
    _check_space(site, words)
    with site.open():
        with preparing():
            Databases(site).ensure_core()
        child = subprocess.Popen([PYTHON, "-m", "bench", *words], env=test_environment(site))
        # Ctrl-C reaches the benchmark by itself; here it must not end before that has.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


def _check_space(site, words):
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--scale", default="S")
    scale = parser.parse_known_args(words)[0].scale
    gigabytes = SPACE.get(scale, 0)  # what is no size is said by the benchmark itself
    purpose = f"The benchmark's databases of size {scale}"
    space.check(gigabytes * space.GB, purpose, site.cluster.folder, site.data)
