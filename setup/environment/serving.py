"""setup/run: the demo company, served."""

import argparse
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import space
from .databases import BUNDLES_SCRIPT, CORE, Databases, addons_digest
from .messages import Problem, say, step
from .network import port_is_free
from .paths import addons
from .preparing import prepare, preparing
from .processes import die_with_parent
from .site import Site

DATABASE = "kokyaku"
PORT = 8069
SPACE = 1 * space.GB  # what the demo company takes, with room for some work in it
SECONDS_TO_START = 120
SECONDS_TO_STOP = 20
# Odoo's own way to load demo data, for our add-ons only.
DEMO_SCRIPT = """
from odoo.modules.loading import load_demo
from odoo.modules.module_graph import ModuleGraph
names = {names!r}
env.cr.execute("UPDATE ir_module_module SET demo = true WHERE name = ANY(%s)", [names])
graph = ModuleGraph(env.cr, mode="load")
graph.extend(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
for package in graph:
    if package.name in names and not load_demo(env, package, {{}}, "init"):
        raise SystemExit(1)
env.cr.commit()
"""


def run(words):
    """Bring the demo company up and serve it until Ctrl-C.

    :return: the exit code
    """
    parser = argparse.ArgumentParser(
        prog="setup/run",
        description="Installs everything, loads the demo company and serves it.",
    )
    parser.add_argument("--fresh", action="store_true", help="start over with a new demo company")
    parser.add_argument("--port", type=int, default=PORT, help=f"the web port (default {PORT})")
    choices = parser.parse_args(words)
    if not port_is_free(choices.port):
        raise Problem(
            f"Port {choices.port} is taken: stop what uses it, "
            f"or choose another one with setup/run --port {choices.port + 1}."
        )
    prepare()
    site = Site("run")
    space.check(SPACE, "The demo company's databases", site.cluster.folder, site.data)
    with site.open():
        with preparing():
            DemoCompany(site).bring_up_to_date(choices.fresh)
        return serve(site, choices.port)


class DemoCompany:
    """The database with our add-ons and their demo data."""

    def __init__(self, site):
        self.site = site
        self.databases = Databases(site)
        self.log = site.folder / "install.log"

    def bring_up_to_date(self, fresh):
        """Make the database, or update it when the add-ons' code has changed."""
        self.databases.ensure_core()
        names = addons()
        digest = addons_digest(names)
        if fresh or not self.databases.exists(DATABASE):
            self._make(names, digest)
        elif self.databases.origin(DATABASE) != digest:
            with step("Updating the demo company to the add-ons as they are now"):
                self._install(DATABASE, names)
                self.databases.set_origin(DATABASE, digest)

    def _make(self, names, digest):
        """Make it under another name, so that an interrupted run leaves nothing half-made."""
        new = f"{DATABASE}_new"
        self.databases.drop(DATABASE)
        with step(f"Installing {', '.join(names)} with the demo company"):
            self.databases.copy(CORE, new)
            self._install(new, names)
            self.databases.rename(new, DATABASE)
            self.databases.set_origin(DATABASE, digest)

    def _install(self, database, names):
        """Install or update the add-ons, load the demo data of the new ones, build the assets."""
        self.log.unlink(missing_ok=True)
        present = self.databases.installed(database) & set(names)
        new = sorted(set(names) - present)
        orders = ["-i", ",".join(new)] if new else []
        orders += ["-u", ",".join(sorted(present))] if present else []
        if orders:
            self._odoo("server", "-d", database, *orders, "--stop-after-init", "--no-http")
        missing = set(names) - self.databases.installed(database)
        if missing:
            raise Problem(f"{', '.join(missing)} did not install: the reasons stand in {self.log}.")
        script = DEMO_SCRIPT.format(names=new) if new else ""
        script += BUNDLES_SCRIPT
        self._odoo("shell", "-d", database, "--no-http", script=script)

    def _odoo(self, *words, script=None):
        failure = "The add-ons could not be installed or updated."
        self.site.run_odoo(*words, log=self.log, failure=failure, script=script)


def serve(site, port):
    """Serve the demo company until a signal ends it; give back the exit code."""
    log = site.folder / "serve.log"
    began = time.monotonic()
    with open(log, "wb") as output:
        child = subprocess.Popen(
            site.odoo("server", "-d", DATABASE, "--http-port", str(port)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=site.server_environment(),
            preexec_fn=die_with_parent,
            process_group=0,  # Ctrl-C comes here first, and from here to Odoo once
        )
    try:
        _wait_until_served(child, port, log)
        say(f"  started in {time.monotonic() - began:.0f} s")
        say()
        say(f"  http://127.0.0.1:{port}    user admin, password admin    Ctrl-C stops it")
        say(f"  what Odoo reports: {os.path.relpath(log)}")
        code = child.wait()
        raise Problem(f"Odoo ended by itself (exit code {code}): its reasons stand in {log}.")
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    finally:
        _stop(child)


def _wait_until_served(child, port, log):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise Problem(f"Odoo did not start: its reasons stand in {log}.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Problem(f"Odoo does not answer on port {port}: its reasons stand in {log}.")


def _stop(child):
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
