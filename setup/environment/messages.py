"""What the person at the terminal reads."""

import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """One sentence that says what is wrong and what to do; shown without a traceback."""


def say(text=""):
    print(text, flush=True)


def complain(text):
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text):
    """Say what begins, and how long it took when it is done."""
    say(f"{text} …")
    began = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - began:.0f} s")
