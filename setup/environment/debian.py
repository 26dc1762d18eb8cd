"""The machine's own packages."""

import os
import shutil
import subprocess
import sys

from .messages import Problem, step
from .paths import SETUP
from .processes import child_environment, run

PYTHON_VERSION = (3, 11)


def check_machine():
    """See that the machine can carry the installation; as root, add the packages it lacks.

    :raises Problem: when it cannot.
    """
    if sys.version_info < PYTHON_VERSION:
        raise Problem(
            "Python 3.11 or newer is needed: use Debian 12 or newer, "
            f"or put a newer python3 than {sys.version.split()[0]} first on the PATH."
        )
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Problem("apt-get was not found: run this on Debian 12 or newer.")
    missing = _missing_packages()
    if not missing:
        return
    if os.geteuid():
        raise Problem(
            f"Debian packages are missing: ask an administrator to run: "
            f"apt-get install {' '.join(missing)}"
        )
    with step(f"Installing Debian packages: {' '.join(missing)}"):
        quiet = child_environment(DEBIAN_FRONTEND="noninteractive")
        run(
            *("apt-get", "-q", "update"),
            failure="apt-get update failed: check the network and the machine's apt sources.",
            env=quiet,
        )
        run(
            *("apt-get", "-q", "install", "-y", "--no-install-recommends", *missing),
            failure="apt-get could not install the packages: see its words below and try again.",
            env=quiet,
        )


def _missing_packages():
    wanted = (SETUP / "debian-packages.txt").read_text().split()
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    installed = {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
    if any(name.removeprefix("postgresql-").isdigit() for name in installed):
        installed.add("postgresql")  # any server version will do
    return [name for name in wanted if name not in installed]
