"""Ports on this machine."""

import socket

from .messages import Problem


def port_is_free(port):
    """:raises Problem: when the port is none that this user may listen on"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(f"Port {port} is reserved for root: choose one above 1023.") from None
        except OverflowError:
            raise Problem("A port is a number from 1 to 65535.") from None
        except OSError:
            return False
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
