"""Databases of the tests' own, each a copy of a template made once."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

import place
from environment.databases import BUNDLES_SCRIPT, addons_digest
from environment.paths import addons

FULL = "kokyaku_full"


def full_template():
    """Have the template with all add-ons of this checkout; made anew when a file of theirs or
    the template below it has changed.

    :return: its name
    """
    origin = f"{place.origin(place.template())} {addons_digest(addons())}"
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

