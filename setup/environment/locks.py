"""File locks, which the system releases however a program ends."""

import fcntl
from contextlib import contextmanager

from .messages import say


@contextmanager
def exclusive(path, waiting=None):
    """Hold the file's lock; say ``waiting`` when someone else holds it first."""
    with open(path, "w") as file:
        if not _try(file, fcntl.LOCK_EX):
            if waiting:
                say(waiting)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def shared(path):
    """Hold the file's lock together with others.

    Gives a function that tells whether the holder is the last one, and then keeps others out.
    """
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield lambda: _try(file, fcntl.LOCK_EX)


def _try(file, mode):
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
