"""Where the tests and the benchmark find PostgreSQL and Odoo.

Everything is read from Odoo's own configuration file, named by ``ODOO_RC`` as ``setup/``
does for whatever it starts, and from two more variables:

``KOKYAKU_TEMPLATE``: the database every new one is copied from (Odoo's own modules, no add-on).
``KOKYAKU_ODOO``: the command line of Odoo; this Python's own when it is not set.
"""

import configparser
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

ADDONS = "kokyaku_portfolio,kokyaku_mailing"
SECONDS_TO_DROP = 60


def settings():
    """Return the ``[options]`` of Odoo's configuration."""
    name = os.environ.get("ODOO_RC")
    if not name:
        raise SystemExit("ODOO_RC is not set: start this with setup/test or setup/bench.")
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(name)
    return parser["options"]


def template():
    return os.environ.get("KOKYAKU_TEMPLATE", "kokyaku_core")


def connect(database, autocommit=True):
    """Open a connection of our own to a database."""
    options = settings()
    words = {"dbname": database}
    for ours, theirs in (("host", "db_host"), ("port", "db_port"), ("user", "db_user")):
        if options.get(theirs, "False") not in ("False", ""):
            words[ours] = options[theirs]
    connection = psycopg2.connect(**words)
    if autocommit:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return connection


def execute(database, statement, params=None):
    """Run a statement in a transaction of its own; return its rows, if it gives any."""
    with closing(connect(database)) as connection, connection.cursor() as cr:
        cr.execute(statement, params)
        return cr.fetchall() if cr.description else []


def exists(database):
    return bool(
        execute("postgres", "SELECT 1 FROM pg_database WHERE datname = %s", (database,))
    )


def drop(database):
    """Delete a database with its files; fine when there is none."""
    statement = f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'
    for attempt in range(SECONDS_TO_DROP):
        try:
            execute("postgres", statement)
            break
        except errors.InsufficientPrivilege:
            # An autovacuum is at work in it, which only a superuser may end: it ends by itself.
            if attempt == SECONDS_TO_DROP - 1:
                raise
            time.sleep(1)
    shutil.rmtree(_files(database), ignore_errors=True)


def copy(source, target):
    """Make ``target`` a copy of ``source`` with its files."""
    drop(target)
    # By default PostgreSQL 15 and newer write the whole copy into their log too: twice the time
    # for a large one, and twice the disk.
    [(version,)] = execute("postgres", "SHOW server_version_num")
    strategy = "STRATEGY file_copy" if int(version) >= 150000 else ""
    execute("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}" {strategy}')
    if _files(source).exists():
        shutil.copytree(_files(source), _files(target))


def rename(source, target):
    drop(target)
    if _files(source).exists():
        _files(source).rename(_files(target))
    execute("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')


def origin(database):
    """Return the note :func:`set_origin` left on a database; None without database or note."""
    rows = execute(
        "postgres",
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        (database,),
    )
    return rows[0][0] if rows else None


def set_origin(database, note):
    execute("postgres", f'COMMENT ON DATABASE "{database}" IS %s', (note,))


def _files(database):
    return Path(settings()["data_dir"]) / "filestore" / database


# ---- Odoo -----------------------------------------------------------------------------------


def odoo(*words):
    """Return the command line of an Odoo command."""
    command = os.environ.get("KOKYAKU_ODOO")
    return [*(shlex.split(command) if command else (sys.executable, "-P", "-m", "odoo")), *words]


def run_odoo(*words, script=None):
    """Run an Odoo command to its end; return what it says, or raise with it."""
    done = subprocess.run(
        odoo(*words), input=script or "", text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def install(database, modules=ADDONS):
    """Install add-ons into a database."""
    run_odoo("server", "-d", database, "-i", modules, "--stop-after-init", "--no-http")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def environment(database, uid=1, rollback=True):
    """Open Odoo in this process; give an ``env`` whose work is rolled back at the end.

    :param rollback: False to commit instead
    """
    registry = _registry(database)
    from odoo import api

    with closing(registry.cursor()) as cr:
        yield api.Environment(cr, uid, {})
        if rollback:
            cr.rollback()
        else:
            cr.commit()


def _registry(database):
    import odoo.tools
    from odoo.modules.registry import Registry

    if not odoo.tools.config["addons_path"] or not _registry.configured:
        odoo.tools.config.parse_config(
            ["--log-level", "warn", "--log-handler", "py.warnings:ERROR"], setup_logging=True
        )
        _registry.configured = True
    return Registry(database)


_registry.configured = False


def forget(database):
    """Close what :func:`environment` has opened of a database."""
    import odoo.sql_db
    from odoo.modules.registry import Registry

    Registry.delete(database)
    odoo.sql_db.close_db(database)
