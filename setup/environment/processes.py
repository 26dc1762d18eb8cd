"""Starting other programs."""

import ctypes
import os
import signal
import subprocess

from .messages import Problem
from .paths import LOCAL

FAILURE_LOG = LOCAL / "failure.log"
LAST_WORDS = 5  # lines
SIGNAL_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)
_libc = ctypes.CDLL(None)  # loaded here: in a child of a threaded program it might hang


def child_environment(**more):
    """The variables a child gets: ours, without those that would lead it to another Odoo,
    PostgreSQL or Python."""
    foreign = ("PG", "ODOO", "OPENERP", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def run(*command, failure, **options):
    """Run a program to its end and give back what it printed.

    :raises Problem: with the sentence ``failure`` and the program's last words.
    """
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("env", child_environment())
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode:
        output = done.stderr or done.stdout
        raise Problem(f"{failure}{_kept(output)}\n{last_words(output)}")
    return done.stdout


def _kept(output):
    """Keep what a failed program said; give back a sentence that tells where."""
    if len(output.splitlines()) <= LAST_WORDS or not LOCAL.exists():
        return ""
    FAILURE_LOG.write_text(output)
    return f" All of its words are in {FAILURE_LOG}."


def last_words(output, lines=LAST_WORDS):
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-lines:])


def die_with_parent():
    """For ``preexec_fn``: even when this program is killed, its child does not stay behind."""
    _libc.prctl(SIGNAL_WHEN_PARENT_DIES, signal.SIGTERM)
