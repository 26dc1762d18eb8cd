"""Databases with their files: the template that every other one is a copy of, and the copies.

What a database was made from stands in its comment, which PostgreSQL keeps and drops with it.
"""

import hashlib
import shutil

from . import odoo_package
from .messages import step
from .paths import CHECKOUT

CORE = "kokyaku_core"
CORE_MODULES = (
    "calendar",
    "contacts",
    "mass_mailing",
    "phone_validation",
    "sale_management",
    "survey",
)
# The administrator works in Tokyo; nothing of this machine is reported to Odoo's makers.
CORE_SCRIPT = """
env.ref("base.user_admin").tz = "Asia/Tokyo"
env.ref("mail.ir_cron_module_update_notification").active = False
env.cr.commit()
"""
# The web client's bundles: else the first page of each database takes 15 s.
BUNDLES_SCRIPT = """
qweb = env["ir.qweb"]
for name in ("web.assets_web", "web.assets_frontend_minimal", "web.assets_frontend_lazy"):
    qweb._get_asset_bundle(name, css=False, js=True).js()
for name in ("web.assets_web", "web.assets_web_print", "web.assets_frontend"):
    qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""


class Databases:
    """The databases of a site."""

    def __init__(self, site):
        self.site = site

    def exists(self, name):
        return bool(self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def drop(self, name):
        """Delete a database with its files, whoever is connected; fine when there is none."""
        if self.exists(name):
            self._psql(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
            self._psql(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(self.files(name), ignore_errors=True)

    def copy(self, source, target):
        """Make ``target`` a copy of ``source`` with its files; an old ``target`` is dropped."""
        self.drop(target)
        # By default PostgreSQL 15 and newer write the whole copy into their log too.
        is_new = int(self._psql("SHOW server_version_num")) >= 150000
        strategy = "STRATEGY file_copy" if is_new else ""
        self._psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" {strategy}')
        if self.files(source).exists():
            shutil.copytree(self.files(source), self.files(target))

    def rename(self, source, target):
        self.drop(target)
        if self.files(source).exists():
            self.files(source).rename(self.files(target))
        self._psql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    def origin(self, name):
        """What the database was made from, as ``set_origin`` noted it; else an empty text."""
        return self._psql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{name}'"
        )

    def set_origin(self, name, origin):
        self._psql(f"COMMENT ON DATABASE \"{name}\" IS '{origin}'")

    def freeze(self, name):
        """Make it a template that nobody connects to, so that it can be copied at any time."""
        self._psql(f'ALTER DATABASE "{name}" IS_TEMPLATE true ALLOW_CONNECTIONS false')

    def installed(self, name):
        """The modules installed in a database."""
        rows = self._psql("SELECT name FROM ir_module_module WHERE state = 'installed'", name)
        return set(rows.split())

    def ensure_core(self):
        """Have the template with Odoo's own modules: Japanese, yen, no demo data."""
        origin = f"{odoo_package.release()} {' '.join(CORE_MODULES)} {CORE_SCRIPT}"
        origin = hashlib.sha256(origin.encode()).hexdigest()
        if self.exists(CORE) and self.origin(CORE) == origin:
            return
        log = self.site.folder / "core.log"
        log.unlink(missing_ok=True)
        new = f"{CORE}_new"
        how = {"log": log, "failure": "Odoo's own modules could not be installed."}
        with step("Installing Odoo's own modules into the template database"):
            self.drop(new)
            language = ("--language", "ja_JP", "--country", "JP")
            self.site.run_odoo("db", "init", new, *language, **how)
            self.site.run_odoo("module", "install", "-d", new, *CORE_MODULES, **how)
            self.site.run_odoo("shell", "-d", new, "--no-http", script=CORE_SCRIPT, **how)
            self.rename(new, CORE)
            self.set_origin(CORE, origin)
            self.freeze(CORE)

    def files(self, name):
        """The folder of a database's attachments."""
        return self.site.data / "filestore" / name

    def _psql(self, statement, database="postgres"):
        return self.site.cluster.psql(statement, database)


def addons_digest(names):
    """A digest of everything in the add-ons that an update brings into a database."""
    digest = hashlib.sha256()
    for name in names:
        for path in sorted((CHECKOUT / name).rglob("*")):
            inside = path.relative_to(CHECKOUT)
            if {"tests", "static", "__pycache__"} & set(inside.parts) or not path.is_file():
                continue
            digest.update(str(inside).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
