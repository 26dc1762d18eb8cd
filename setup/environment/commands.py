"""The commands, and what becomes of their failures."""

import errno
import signal
import sys

from .messages import Problem, complain

INTERRUPTED = 130


def main():
    """Run the command named by the first word with the others; exit with its code."""
    signal.signal(signal.SIGINT, _interrupt)  # also when a shell started us with it ignored
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    name, *words = sys.argv[1:]
    try:
        sys.exit(_command(name)(words))
    except Problem as problem:
        complain(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        complain("Stopped.")
        sys.exit(INTERRUPTED)
    except OSError as error:
        sentence = _sentence(error)
        if not sentence:
            raise
        complain(sentence)
        sys.exit(1)


def _command(name):
    """The function of a command; imported here, for each needs other things."""
    if name == "run":
        from .serving import run as command
    elif name == "odoo":
        from .passing_on import odoo as command
    elif name == "test":
        from .testing import test as command
    elif name == "bench":
        from .benchmark import bench as command
    else:
        raise Problem(f"There is no command {name}: use setup/run, test, odoo or bench.")
    return command


def _interrupt(*_):
    raise KeyboardInterrupt


def _sentence(error):
    """A sentence for what can go wrong on any machine; None for what only we can mend."""
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room and start again; what is there already stays."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"No right to write {error.filename}: start this as the user who owns it, "
            "or delete it and start again."
        )
    return None
