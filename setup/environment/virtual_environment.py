"""The Python side: a virtual environment with the pinned packages, which also sees Odoo."""

import hashlib
import os
import platform
import sys
import sysconfig

from . import space
from .messages import say, step
from .paths import CACHE, ODOO_PACKAGES, PYTHON, SETUP, VIRTUAL_ENVIRONMENT
from .processes import child_environment, run

REQUIREMENTS = [SETUP / "requirements.txt", SETUP / "requirements-test.txt"]
BUILDERS = SETUP / "requirements-build.txt"
# The machine's Python, also when this is started by that of the environment itself.
BASE = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
OFFLINE = "The Python packages could not be fetched: check the network and start again."


def build():
    """Have the environment built from the requirements; a second call finds it done."""
    stamp = VIRTUAL_ENVIRONMENT / "built-from"
    requirements = "".join(path.read_text() for path in REQUIREMENTS)
    digest = _digest(requirements, sys.version, BASE, str(VIRTUAL_ENVIRONMENT))
    if stamp.exists() and stamp.read_text() == digest:
        return
    space.check(space.INSTALLATION, "Odoo and its Python packages")
    with step("Building the Python environment"):
        run(
            *(BASE, "-m", "venv", "--clear", VIRTUAL_ENVIRONMENT),
            failure="python3 -m venv failed: see its words below.",
        )
        wheels = _fetched_wheels(_digest(requirements))
        run(
            *(PYTHON, "-m", "pip", "install", "--no-deps", "--no-index"),
            *("--find-links", wheels, *_requirement_options()),
            failure=f"The Python packages in {wheels} are damaged: delete it and start again.",
        )
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        site_packages = VIRTUAL_ENVIRONMENT / "lib" / version / "site-packages"
        (site_packages / "odoo.pth").write_text(f"{ODOO_PACKAGES}\n")
        stamp.write_text(digest)


def _digest(*texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _requirement_options():
    return [word for path in REQUIREMENTS for word in ("-r", path)]


def _fetched_wheels(digest):
    """The folder with the packages as wheels: every checkout with this Python shares it."""
    tag = f"{sysconfig.get_config_var('py_version_nodot')}-{platform.machine()}"
    wheels = CACHE / f"wheels-{tag}"
    complete = wheels / f"complete-{digest[:16]}"
    if not complete.exists():
        say("  fetching the Python packages …")
        wheels.mkdir(parents=True, exist_ok=True)
        run(
            *(PYTHON, "-m", "pip", "wheel", "-q", "--no-deps", "--use-pep517"),
            *("--wheel-dir", wheels, *_requirement_options()),
            failure=OFFLINE,
            env=child_environment(PIP_CONSTRAINT=str(BUILDERS)),
        )
        complete.touch()
    return wheels
