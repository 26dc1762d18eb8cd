"""Killed refreshes: users see the old state or the new one, never a mixture, and the next run
finishes the work."""

import configparser
import os
import signal
import subprocess
import sys
from contextlib import closing, suppress

import place
import psycopg2
import pytest
from environment.postgres import Cluster
from kokyaku_testing import refreshing
from kokyaku_testing.refreshing import (
    MOMENTS,
    ask_for_everyone,
    check,
    look,
    state_of,
    worker,
)
from kokyaku_testing.waiting import wait_until


@pytest.fixture(scope="module")
def company(module_database):
    refreshing.found(module_database)
    return module_database


def test_odoo_is_killed_at_any_moment(database):
    """kill -9 at each step in turn, each time in the run that goes on after the last one."""
    old = look(database)
    run, new = ask_for_everyone(database)
    for moment in MOMENTS:
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        at_work = worker(database, moment).reach()
        during = look(database)
        at_work.kill()
        assert look(database) == during, "what was seen changed by killing"
        committed = moment in ("changes", "ranking")
        assert during == (new if committed else old), f"a mixture at “{moment}”"
    worker(database).reach()
    assert state_of(database, run)[0] == "done"
    assert look(database) == new
    with place.environment(database) as env:
        portfolio = env["kokyaku.portfolio"].search([("is_default", "=", True)])
        check(env, portfolio)
        before = look(database)
        portfolio.refresh()
        env.cr.commit()
    assert look(database) == before, "running it once more changed something"


def test_a_killed_server_finishes_when_it_is_started_again(database, odoo_server):
    """The real server with its cron: killed while it works, started again, done."""
    old = look(database)
    run, new = ask_for_everyone(database)
    server = odoo_server(database)
    server.wake_cron()
    wait_until(lambda: progress(database, run) > 10, "the cron begins")
    server.process.kill()
    server.process.wait()
    assert look(database) in (old, new)
    server.start()
    server.wake_cron()
    wait_until(lambda: state_of(database, run)[0] == "done", "the run is done")
    assert look(database) == new


def progress(database, run):
    rows = place.execute(
        database, "SELECT progress FROM kokyaku_run_progress WHERE run_id = %s", (run,)
    )
    return rows[0][0] if rows else 0


def test_postgresql_is_killed(company, open_folder):
    """kill -9 of the database's process at work, which takes all of them down: a server of its
    own, so that nobody else is hurt. The staging tables are lost with it; the work is not."""
    cluster = Cluster(open_folder)
    with cluster.serving():
        configuration = configparser.ConfigParser(interpolation=None)
        configuration["options"] = {**place.settings(), "db_host": str(cluster.sockets),
                                    "db_port": "5432", "db_user": "odoo"}
        rc = open_folder / "odoo.conf"
        with open(rc, "w") as file:
            configuration.write(file)
        _copy_to(cluster, company)
        here = {"ODOO_RC": str(rc)}
        with _configured(here):
            old = look(company)
        run, new = _ask_elsewhere(company, here)
        for moment in ("chunk 3", "publish"):
            at_work = worker(company, moment, **here).reach()
            with _configured(here):
                [(pid,)] = place.execute(
                    company,
                    """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
                    AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%' """,
                )
                with closing(place.connect(company)) as witness:
                    os.kill(pid, signal.SIGKILL)
                    # For a moment it answers as if nothing had happened.
                    wait_until(lambda witness=witness: _is_cut(witness), "all are cut off")
                at_work.kill()
                wait_until(lambda: _answers(company), "PostgreSQL has recovered")
                assert look(company) == old, f"a mixture after “{moment}”"
        worker(company, **here).reach()
        with _configured(here):
            assert state_of(company, run)[0] == "done"
            assert look(company) == new


def _is_cut(connection):
    try:
        with connection.cursor() as cr:
            cr.execute("SELECT 1")
    except psycopg2.Error:
        return True
    return False


def _copy_to(cluster, database):
    """Copy a database to another server."""
    options = place.settings()
    dump = subprocess.Popen(
        ["pg_dump", "-h", options["db_host"], "-p", options.get("db_port", "5432"), "-U",
         options["db_user"], "--no-owner", database],
        stdout=subprocess.PIPE,
    )
    cluster.psql(f'CREATE DATABASE "{database}"')
    subprocess.run(
        ["psql", "-XAtq", "-h", str(cluster.sockets), "-U", "odoo", "-d", database],
        stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True,
    )
    assert dump.wait() == 0
    cluster.psql("ANALYZE", database)


class _configured:
    """Have ``place`` look at another configuration for a while."""

    def __init__(self, environment):
        self.environment = environment

    def __enter__(self):
        self.former = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)

    def __exit__(self, *_):
        for name, value in self.former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _ask_elsewhere(database, environment):
    """:func:`ask_for_everyone` in a process of its own, for this one is bound to one server."""
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from kokyaku_testing import refreshing\n"
        f"print(repr(refreshing.ask_for_everyone({database!r})))"
    )
    with _configured(environment):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script], text=True, capture_output=True
        )
    assert done.returncode == 0, done.stderr
    import datetime
    from decimal import Decimal

    names = {"Decimal": Decimal, "datetime": datetime}
    return eval(done.stdout.splitlines()[-1], names)


def _answers(database):
    with suppress(psycopg2.Error):
        return bool(place.execute(database, "SELECT 1"))
