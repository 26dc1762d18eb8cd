"""Waiting for what another process does."""

import time


def wait_until(condition, what, seconds=300):
    """Wait until a function gives something true; the test fails when that takes too long.

    :param what: what is waited for, in words, as in "until the run is done"
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"It takes too long until {what}."
        time.sleep(0.05)
