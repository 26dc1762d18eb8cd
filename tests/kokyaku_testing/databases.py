"""Databases of the tests' own, each a copy of a template made once."""

import fcntl
import hashlib
from contextlib import contextmanager
from pathlib import Path

import place

CHECKOUT = Path(__file__).resolve().parents[2]
FULL = "kokyaku_full"
# The web client's bundles, made once for all copies: else each first page takes 15 s.
BUNDLES_SCRIPT = """
qweb = env["ir.qweb"]
for name in ("web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"):
    qweb._get_asset_bundle(name, css=False, js=True).js()
for name in ("web.assets_web", "web.assets_web_print", "web.assets_frontend"):
    qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""


def addons():
    """The names of this checkout's add-ons, sorted."""
    return sorted(manifest.parent.name for manifest in CHECKOUT.glob("*/__manifest__.py"))


def full_template():
    """Have the template with all add-ons of this checkout; made anew when a file of theirs or
    the template below it has changed.

    :return: its name
    """
    origin = f"{place.origin(place.template())} {_digest()}"
    with _alone():
        if place.origin(FULL) != origin:
            new = f"{FULL}_new"
            drop(FULL)
            place.copy(place.template(), new)
            place.install(new, ",".join(addons()))
            shell(new, BUNDLES_SCRIPT)
            place.rename(new, FULL)
            place.set_origin(FULL, origin)
            place.execute(
                "postgres", f'ALTER DATABASE "{FULL}" IS_TEMPLATE true ALLOW_CONNECTIONS false'
            )
    return FULL


def drop(database):
    """Delete a database with its files, a template too; fine when there is none."""
    if place.exists(database):
        place.execute("postgres", f'ALTER DATABASE "{database}" IS_TEMPLATE false')
    place.drop(database)


def shell(database, code):
    """Run Python in Odoo's shell, where ``env`` is the superuser's; commit in it to keep.

    :return: what it printed
    :raises RuntimeError: when the code raises
    """
    # An exception would end a piped shell with exit code 0.
    code = f"import sys, traceback\ntry:\n    exec({code!r}, globals())\nexcept BaseException:\n"
    code += "    traceback.print_exc()\n    sys.stderr.flush()\n    import os; os._exit(1)\n\n"
    return place.run_odoo(
        *("shell", "-d", database, "--no-http", "--log-level", "warn"), script=code
    )


@contextmanager
def _alone():
    """Test files run side by side: only one of them makes the template."""
    folder = Path(place.settings()["data_dir"])
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{FULL}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest():
    digest = hashlib.sha256(BUNDLES_SCRIPT.encode())
    for name in addons():
        for path in sorted((CHECKOUT / name).rglob("*")):
            if path.is_file() and not {"__pycache__", "tests"} & set(path.parts):
                digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0")
                digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
