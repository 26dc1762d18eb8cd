"""Odoo 19 itself: Debian's package of it, unpacked beside the add-ons and not installed.

Debian carries ``odoo-19`` in its suite sid only. Its dependencies would drag an older Debian
along, so the package is fetched with package lists of our own and unpacked, together with the
few packages that its links point into.
"""

import os
import platform
import shutil
import tempfile
from pathlib import Path

from . import space
from .messages import Problem, step
from .paths import CACHE, LOCAL, ODOO_PACKAGES, ODOO_ROOT
from .processes import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FROM_SID = ("odoo-19", "fonts-montserrat")
# From the machine's own suite: sid's Font Awesome is newer than Odoo's style sheets.
FROM_THIS_SUITE = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# Debian leaves out a file that the mail bundle names; without it every page logs an error.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
OFFLINE = "Debian's packages could not be fetched: check the network and start again."


def unpack():
    """Have Odoo unpacked; a second call finds it done."""
    if ODOO_ROOT.exists():
        return
    space.check(space.INSTALLATION, "Odoo and its Python packages")
    packages = _fetched_packages()
    with step("Unpacking Odoo 19"):
        unfinished = LOCAL / "odoo.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for package in packages:
            run(
                *("dpkg-deb", "-x", package, unfinished),
                failure=f"{package} is damaged: delete it and start again.",
            )
        _mend(unfinished)
        unfinished.rename(ODOO_ROOT)


def release():
    """The name of the unpacked Odoo package with its version, to notice a change."""
    return next((path.name for path in sorted(_downloads().glob("odoo-19_*.deb"))), "unknown")


def _downloads():
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "unknown")
    return CACHE / f"debian-{codename}"


def _fetched_packages():
    wanted = FROM_SID + FROM_THIS_SUITE
    downloads = _downloads()
    if not all(any(downloads.glob(f"{name}_*.deb")) for name in wanted):
        with step("Fetching Odoo 19 from Debian"):
            downloads.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=downloads) as folder:
                _download(Path(folder) / "suite", FROM_THIS_SUITE)
                _download(Path(folder) / "sid", FROM_SID, sources=_sid_source())
                for package in Path(folder).glob("*/*.deb"):
                    package.replace(downloads / package.name)
    return [max(downloads.glob(f"{name}_*.deb"), key=os.path.getmtime) for name in wanted]


def _sid_source():
    """A line for sid on the mirror that the machine itself uses."""
    targets = run(
        *("apt-get", "indextargets", "--no-release-info"),
        *("--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"),
        failure="apt-get does not tell its sources: check the machine's apt sources.",
    )
    for line in targets.splitlines():
        uri, suite = line.rsplit(" ", 1)
        if not any(word in suite for word in ("security", "updates", "backports")):
            return f"deb [signed-by={KEYRING}] {uri} sid main\n"
    raise Problem("No Debian mirror stands in the machine's apt sources: add one and start again.")


def _download(folder, names, sources=None):
    """Download packages into the folder with lists of our own, so that the machine's stay as
    they are. ``sources`` is the text of a sources file that replaces the machine's own."""
    (folder / "lists").mkdir(parents=True)
    (folder / "cache").mkdir()
    options = [
        f"Dir::State::Lists={folder / 'lists'}",
        f"Dir::Cache={folder / 'cache'}",
        "APT::Sandbox::User=root",
        "APT::Update::Error-Mode=any",
        "Acquire::Languages=none",
    ]
    if sources:
        (folder / "sources.list").write_text(sources)
        options += [f"Dir::Etc::SourceList={folder / 'sources.list'}"]
        options += ["Dir::Etc::SourceParts=/dev/null"]
    apt = ["apt-get", "-q", *(word for option in options for word in ("-o", option))]
    run(*apt, "update", failure=OFFLINE)
    run(*apt, "download", *names, failure=OFFLINE, cwd=folder)


def _mend(root):
    packages = root / ODOO_PACKAGES.relative_to(ODOO_ROOT)
    left_out = packages / LEFT_OUT
    left_out.parent.mkdir(parents=True, exist_ok=True)
    left_out.touch()
    dangling = [path for path in root.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        raise Problem(
            f"Odoo's package links to {os.readlink(dangling[0])}, which no fetched package "
            "contains: add that package to setup/environment/odoo_package.py."
        )
