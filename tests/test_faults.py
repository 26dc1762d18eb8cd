"""Killed, doubled and disturbed refreshes: users see the old state or the new one, never a
mixture, and the next run finishes the work."""

import configparser
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import place
import psycopg2
import pytest
from kokyaku_testing.rpc import Session
from real_data import brute_force

BASE = "kokyaku_test_faults"
WIDE = 400_000  # ids of the customers are spread: more chunks than people need
# One thing after the other happens in a background refresh of everyone; a worker says which.
MOMENTS = ["chunk 1", "chunk 4", "publish", "published", "changes", "ranking"]

CUSTOMERS = """
env.cr.execute('''
    INSERT INTO res_partner (id, name, complete_name, active, type, is_company, partner_share,
        autopost_bills, ref)
    SELECT 1000 + g * %(step)s, 'Customer ' || g, 'Customer ' || g, true, 'contact', false,
        true, 'ask', 'F' || g
    FROM generate_series(1, 300) g''', {"step": WIDE // 300})
env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'F%'")
env.cr.execute("SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner))")
env.cr.execute('''
    INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
        partner_shipping_id, currency_id, currency_rate, state, date_order, amount_total,
        amount_untaxed, amount_tax)
    SELECT 'F' || g, 1, p.id, p.id, p.id, %(currency)s, 1, 'sale',
        timestamp '2025-12-01' - mod(g * 7919, 1400) * interval '1 day', a, a, 0
    FROM (SELECT g, 'F' || 1 + mod(g * 31, 300) AS ref,
              CASE WHEN mod(g, 17) = 0 THEN -3000 ELSE 1000 * (1 + mod(g, 40)) END AS a
          FROM generate_series(1, 3000) g) AS o JOIN res_partner p USING (ref)''',
    {"currency": env.company.currency_id.id})
portfolio = env["kokyaku.portfolio"]._default_for(env.company)
portfolio.write({"base_date": "2025-12-31", "configured": True})
portfolio.refresh()
portfolio.rank()
env.cr.commit()
""".replace("WIDE", str(WIDE))

# Works the queue off as the cron does, and stops at the moment it is told, to be killed there.
WORKER = """
import sys, time
from odoo.addons.kokyaku_portfolio.models import portfolio_refresh, portfolio_run, portfolio_stage
Portfolio = type(env["kokyaku.portfolio"])
moment, chunks = {moment!r}, [0]

def at(name):
    if name == moment:
        print("AT", name, flush=True)
        time.sleep(600)

def announce(method, name, after=False):
    original = getattr(Portfolio, method)
    def announced(self, *args, **kwargs):
        if not after:
            at(name)
        result = original(self, *args, **kwargs)
        if after:
            at(name)
        return result
    setattr(Portfolio, method, announced)

def stage(self, *args, _original=Portfolio._stage_chunk):
    result = _original(self, *args)
    chunks[0] += 1
    at("chunk %s" % chunks[0])
    return result

Portfolio._stage_chunk = stage
announce("_publish_all", "publish")
announce("_publish_staged", "published", after=True)
announce("_refresh", "changes", after=True)
announce("_rank", "ranking", after=True)
env["kokyaku.run"]._work()
env.cr.commit()
print("DONE", flush=True)
"""


# ---- the company -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def company():
    """A database with 300 customers and their orders, aggregated once; a copy for each test."""
    place.copy(place.template(), BASE)
    place.install(BASE, "kokyaku_portfolio")
    place.run_odoo("shell", "-d", BASE, "--no-http", script=CUSTOMERS)
    yield BASE
    place.drop(BASE)


@pytest.fixture
def database(company, request):
    name = f"{BASE}_{abs(hash(request.node.name)) % 10_000}"
    place.copy(company, name)
    yield name
    place.forget(name)
    place.drop(name)


def figures(cr):
    """What users see: a hash over all rows of the portfolio, in one snapshot."""
    cr.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    seen = []
    for table, columns in (
        ("kokyaku_customer_metrics",
         "partner_id, tier_id, first_date, last_date, purchase_days, order_count, amount"),
        ("kokyaku_tier_period",
         "partner_id, tier_id, previous_tier_id, date_from, date_to, amount"),
        ("kokyaku_tier_day", "date, tier_id, people_delta, amount_delta, amount_12m_delta"),
        ("kokyaku_tier_move", "date, from_tier_id, to_tier_id, people, amount, amount_12m"),
    ):
        cr.execute(
            f"SELECT count(*), sum(hashtextextended(r::text, 0)::numeric)::text "
            f"FROM (SELECT {columns} FROM {table}) AS r"
        )
        seen.append(cr.fetchone())
    cr.execute("SELECT as_of, rules FROM kokyaku_portfolio_state")
    seen.append(cr.fetchone())
    cr.execute("COMMIT")
    return seen


def look(database):
    with closing(place.connect(database)) as connection, connection.cursor() as cr:
        return figures(cr)


def ask_for_everyone(database):
    """Change the rules and queue a refresh, which then must compute everyone; return what will
    be seen when it is done."""
    with place.environment(database) as env:
        portfolio = env["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.write({"loyal_amount": 33_000, "lapse_days": 100})
        portfolio.refresh()
        check(env, portfolio)
        connection = env.cr._cnx
        with connection.cursor() as cr:
            wanted = _figures_inside(cr)
    with place.environment(database, rollback=False) as env:
        portfolio = env["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.write({"loyal_amount": 33_000, "lapse_days": 100})
        run = portfolio.action_refresh()
    return run, wanted


def _figures_inside(cr):
    """The same as :func:`figures` in a transaction that is open already."""

    class Inside:
        def execute(self, statement):
            if not statement.startswith(("BEGIN", "COMMIT")):
                cr.execute(statement)

        def fetchone(self):
            return cr.fetchone()

    return figures(Inside())


def check(env, portfolio):
    """Hold a portfolio against the brute force."""
    from odoo.addons.kokyaku_portfolio.tiers import tier_of

    customers = brute_force.read_documents(env, portfolio)
    wanted = brute_force.expected(
        customers, portfolio._tier_rules(), portfolio.base_date, tier_of
    )
    lines = brute_force.differences(wanted, brute_force.stored(env, portfolio))
    assert not lines, "\n".join(lines[:20])


def start_worker(database, moment=None, **environment):
    worker = subprocess.Popen(
        place.odoo("shell", "-d", database, "--no-http", "--log-level", "warn"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | environment,
    )
    script = f"try:\n    exec({WORKER.format(moment=moment)!r}, globals())\n"
    script += "except BaseException:\n    import traceback, os\n    traceback.print_exc()\n"
    script += "    os._exit(1)\n\n"
    worker.stdin.write(script)
    worker.stdin.close()
    return worker


def wait_for(worker, words):
    """Read what a worker says until it says this; return everything."""
    said = []
    for line in worker.stdout:
        said.append(line)
        if line.startswith(words):
            return said
    pytest.fail(f"The worker never said {words}:\n{''.join(said)}")


def work_off(database, **environment):
    worker = start_worker(database, **environment)
    wait_for(worker, "DONE")
    worker.wait(60)


def state_of(database, run):
    return place.execute(
        database, "SELECT state, result_message FROM kokyaku_run WHERE id = %s", (run,)
    )[0]


# ---- killed ----------------------------------------------------------------------------------


def test_odoo_is_killed_at_any_moment(database):
    """kill -9 at each step in turn, each time in the run that goes on after the last one."""
    old = look(database)
    run, new = ask_for_everyone(database)
    for moment in MOMENTS:
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        worker = start_worker(database, moment)
        wait_for(worker, f"AT {moment}")
        during = look(database)
        worker.send_signal(signal.SIGKILL)
        worker.wait(60)
        assert look(database) == during, "what was seen changed by killing"
        committed = moment in ("changes", "ranking")
        assert during == (new if committed else old), f"a mixture at “{moment}”"
    work_off(database)
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
    wake_cron(database)
    wait_until(lambda: progress(database, run) > 10, "the cron begins")
    server.process.kill()
    server.process.wait()
    assert look(database) in (old, new)
    server.start()
    wake_cron(database)
    wait_until(lambda: state_of(database, run)[0] == "done", "the run is done")
    assert look(database) == new


def wake_cron(database):
    """A server looks for work a minute after its start; a button's commit wakes it like this."""
    time.sleep(1)  # until its cron thread listens
    place.execute("postgres", "SELECT pg_notify('cron_trigger', %s)", (database,))


def progress(database, run):
    rows = place.execute(
        database, "SELECT progress FROM kokyaku_run_progress WHERE run_id = %s", (run,)
    )
    return rows[0][0] if rows else 0


def wait_until(condition, what, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"It takes too long until {what}."
        time.sleep(0.1)


def test_postgresql_is_killed(company, tmp_path_factory):
    """kill -9 of the database's process at work, which takes all of them down: a server of its
    own, so that nobody else is hurt. The staging tables are lost with it; the work is not."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "setup"))
    from environment.postgres import Cluster

    home = tmp_path_factory.mktemp("postgres")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)
    cluster = Cluster(home)
    with cluster.serving():
        configuration = configparser.ConfigParser(interpolation=None)
        configuration["options"] = {**place.settings(), "db_host": str(cluster.sockets),
                                    "db_port": "5432", "db_user": "odoo"}
        rc = home / "odoo.conf"
        with open(rc, "w") as file:
            configuration.write(file)
        _copy_to(cluster, company)
        here = {"ODOO_RC": str(rc)}
        with _configured(here):
            old = look(company)
        run, new = _ask_elsewhere(company, here)
        for moment in ("chunk 3", "publish"):
            worker = start_worker(company, moment, **here)
            wait_for(worker, f"AT {moment}")
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
                worker.kill()
                worker.wait(60)
                wait_until(lambda: _answers(company), "PostgreSQL has recovered")
                assert look(company) == old, f"a mixture after “{moment}”"
        work_off(company, **here)
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
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        f"import test_faults\nprint(repr(test_faults.ask_for_everyone({database!r})))"
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


# ---- two at once -----------------------------------------------------------------------------


def test_two_refreshes_at_once(database):
    """The second one is told so, at once and in words; later it works."""
    from odoo.exceptions import UserError

    with place.environment(database, rollback=False) as first:
        portfolio = first["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.refresh()
        with place.environment(database) as second:
            second = second(context={"lang": "ja_JP"})
            same = second["kokyaku.portfolio"].browse(portfolio.id)
            started = time.monotonic()
            with pytest.raises(UserError):
                same.refresh()
            assert time.monotonic() - started < 5, "it waited instead of answering"
    with place.environment(database) as later:
        later["kokyaku.portfolio"].browse(portfolio.id).refresh()


def test_two_people_press_refresh(database, odoo_server):
    """They get the same run, or the second one a run after the first; never two at once."""
    server = odoo_server(database, "--max-cron-threads=1")
    sessions = [Session(server.url, database) for _ in range(2)]
    [(portfolio,)] = place.execute(database, "SELECT id FROM kokyaku_portfolio WHERE is_default")
    sessions[0].call("kokyaku.portfolio", "write", [portfolio], {"loyal_amount": 41_000})
    runs, together = [], threading.Barrier(2)

    def press(session):
        together.wait()
        runs.append(session.call("kokyaku.portfolio", "action_refresh", [portfolio]))

    people = [threading.Thread(target=press, args=(one,)) for one in sessions]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(runs) == 2, runs
    for run in runs:
        wait_until(lambda run=run: state_of(database, run)[0] == "done", "the run is done")
    times = place.execute(
        database,
        "SELECT started_at, finished_at FROM kokyaku_run WHERE id = ANY(%s) ORDER BY id",
        (runs,),
    )
    if len(times) > 1:  # the first was done already when the second person's press arrived
        assert times[1][0] >= times[0][1], "two refreshes ran at once"


# ---- disturbed -------------------------------------------------------------------------------


def test_users_work_while_a_refresh_is_under_way(database):
    """Its transaction is open; others change what it has read and written, wait for nothing,
    and it commits without an error. What they changed is in the next one."""
    with place.environment(database, rollback=False) as refreshing:
        portfolio = refreshing["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.loyal_amount = 52_000
        refreshing.cr.commit()
        portfolio.refresh()
        portfolio.rank()
        with place.environment(database, rollback=False) as user:
            user.cr.execute("SET lock_timeout = '5s'")
            edit_everything(user)
            user["kokyaku.portfolio"].browse(portfolio.id).name = "Renamed meanwhile"
        refreshing.flush_all()
    with place.environment(database) as env:
        portfolio = env["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.refresh()
        check(env, portfolio)


def edit_everything(env, start=0):
    """What users do to customers and orders in a morning."""
    people = env["res.partner"].search([("ref", "=like", "F%")], order="id", offset=start, limit=12)
    orders = env["sale.order"].search(
        [("partner_id", "in", people.ids), ("state", "=", "sale")], order="id"
    )
    people[0].write({"name": "Edited", "street": "1-2-3"})
    people[1].active = False
    people[3].parent_id = people[4]
    people[5].write({"parent_id": people[6].id, "type": "delivery"})
    wizard = env["base.partner.merge.automatic.wizard"].create({})
    wizard._merge((people[7] | people[8]).ids, people[7], extra_checks=False)
    orders[0].with_context(disable_cancel_warning=True)._action_cancel()
    orders[1].partner_id = people[9]
    orders[2].with_context(disable_cancel_warning=True)._action_cancel()
    orders[2].unlink()
    orders[3].person_id = people[10]
    lonely = env["res.partner"].create({"name": "Just passing"})
    product = env["product.product"].create({"name": "Thing", "list_price": 9_000})
    order = env["sale.order"].create(
        {"partner_id": people[11].id,
         "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})]}
    )
    order.action_confirm()
    lonely.unlink()
    env.flush_all()


def test_users_work_while_the_cron_refreshes(database, odoo_server):
    """The whole way: the server's cron computes everyone in chunks, somebody edits, merges and
    deletes over and over in the same server, and no call fails."""
    run, _ = ask_for_everyone(database)
    server = odoo_server(database)
    session = Session(server.url, database)
    wake_cron(database)
    ids = [
        row[0] for row in place.execute(
            database, "SELECT id FROM res_partner WHERE ref LIKE 'F%' ORDER BY id")
    ]
    done = 0
    while state_of(database, run)[0] in ("queued", "running") or done < 3:
        a, b, c, d = ids[done * 4:done * 4 + 4]
        session.call("res.partner", "write", [a], {"name": f"Edited {done}"})
        found = session.call(
            "sale.order", "search", [["partner_id", "=", a], ["state", "=", "sale"]]
        )
        session.call("sale.order", "action_cancel", found[:1],
                     context={"disable_cancel_warning": True})
        session.call("sale.order", "write", found[1:2], {"partner_id": b})
        session.call("sale.order", "unlink", found[:1])
        wizard = session.call("base.partner.merge.automatic.wizard", "create",
                              {"partner_ids": [(6, 0, [c, d])], "dst_partner_id": c,
                               "state": "selection"})
        session.call("base.partner.merge.automatic.wizard", "action_merge", [wizard])
        session.call("kokyaku.portfolio", "board_data")
        done += 1
        assert done < 60, "The refresh does not come to its end while people work."
    assert state_of(database, run)[0] == "done", state_of(database, run)
    server.stop()
    with place.environment(database) as env:
        portfolio = env["kokyaku.portfolio"].search([("is_default", "=", True)])
        portfolio.refresh()
        check(env, portfolio)
        missing = env["kokyaku.customer.metrics"].search([]).partner_id.exists()
        assert len(missing) == env["kokyaku.customer.metrics"].search_count([])
