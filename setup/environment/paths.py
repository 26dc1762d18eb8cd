"""Where things are."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SETUP = CHECKOUT / "setup"
TESTS = CHECKOUT / "tests"
LOCAL = CHECKOUT / ".local"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kokyaku"

ODOO_ROOT = LOCAL / "odoo"
ODOO_PACKAGES = ODOO_ROOT / "usr/lib/python3/dist-packages"
ODOO_PROGRAM = ODOO_ROOT / "usr/bin/odoo"
VIRTUAL_ENVIRONMENT = LOCAL / "python"
PYTHON = VIRTUAL_ENVIRONMENT / "bin/python"


def addons():
    """The names of this checkout's add-ons, sorted."""
    return sorted(manifest.parent.name for manifest in CHECKOUT.glob("*/__manifest__.py"))
