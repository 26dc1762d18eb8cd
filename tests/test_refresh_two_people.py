"""Refreshes asked for twice, and refreshes while people work: nobody waits, nothing fails, and no
two of them run at once."""

import threading

import place
import pytest
from kokyaku_testing import refreshing
from kokyaku_testing.refreshing import ask_for_everyone, check, state_of
from kokyaku_testing.rpc import Session
from kokyaku_testing.waiting import wait_until


@pytest.fixture(scope="module")
def company(module_database):
    refreshing.found(module_database)
    return module_database

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
            # The first one ends after this block: who waited for it would wait until this.
            second.cr.execute("SET LOCAL statement_timeout = '120s'")
            with pytest.raises(UserError):
                same.refresh()
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
            user.cr.execute("SET lock_timeout = '60s'")
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
    server.wake_cron()
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
