"""What every command does first: have everything there."""

from . import debian, locks, odoo_package, virtual_environment
from .paths import LOCAL


def prepare():
    """Bring the machine to where Odoo starts; when it is there already, this takes no time."""
    debian.check_machine()
    LOCAL.mkdir(exist_ok=True)
    with preparing():
        odoo_package.unpack()
        virtual_environment.build()


def preparing():
    """One command at a time makes what all of them use."""
    return locks.exclusive(
        LOCAL / "preparing.lock", "Another command is preparing this checkout: waiting for it …"
    )
