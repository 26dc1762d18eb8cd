"""Incremental = full = brute force: in random worlds, after every step, row by row."""

import os
import random
from datetime import date, timedelta

import place
import pytest
from real_data import brute_force
from real_data.worlds import World

WORLDS = int(os.environ.get("KOKYAKU_WORLDS", "12"))
STEPS = 12


class FakeRun:
    """What a background refresh needs of its ``kokyaku.run`` inside one transaction."""

    id = 1_000_000

    def _report(self, progress, message=None):
        pass


def check(env, portfolio, words):
    """Hold the tables of a portfolio against the brute force, row by row."""
    from odoo.addons.kokyaku_portfolio.tiers import tier_of

    rules = portfolio._tier_rules()
    customers = brute_force.read_documents(env, portfolio)
    wanted = brute_force.expected(customers, rules, portfolio.base_date, tier_of)
    lines = brute_force.differences(wanted, brute_force.stored(env, portfolio))
    if lines:
        pytest.fail("\n".join([words, *lines[:20]]))
    return wanted["metrics"]


def in_background(portfolio, world):
    """The same refresh in steps, with things happening between them."""
    from odoo.addons.kokyaku_portfolio.models import portfolio_run

    usual, portfolio_run.CHUNK = portfolio_run.CHUNK, 9
    try:
        while (result := portfolio._run_refresh(FakeRun())) and isinstance(result, dict):
            if world.draw.random() < 0.1:
                world.draw.choice((world.edit_order, world.add_order, world.move_partner))()
                world.note("(during the refresh)")
    finally:
        portfolio_run.CHUNK = usual


@pytest.mark.parametrize("seed", range(WORLDS))
def test_incremental_is_full_is_brute_force(small_database, seed):
    with place.environment(small_database) as env:
        env.cr.execute("SELECT COALESCE(max(id), 0) FROM sale_order")
        world = World(env, seed)
        draw = world.draw
        for step in range(STEPS):
            world.live(events=0 if step == 0 else None)
            for portfolio in world.portfolios:
                if step and draw.random() < 0.3:
                    continue  # it falls behind, and has more to catch up with
                words = [f"seed {seed}, step {step}, {portfolio.name}", *world.log]
                kind = draw.random()
                if kind < 0.15:
                    in_background(portfolio, world)
                    words = [*words, "(in the background)", *world.log[-5:]]
                else:
                    portfolio.refresh()
                    portfolio.rank()
                words = "\n".join(words)
                metrics = check(env, portfolio, words)
                ranks = brute_force.expected_ranks(env, portfolio, metrics)
                assert brute_force.stored_ranks(env, portfolio) == ranks, words
                if kind > 0.8:
                    portfolio.refresh(full=True)
                    check(env, portfolio, f"{words}\n(everyone again)")
                if kind > 0.95:
                    portfolio._delete_derived()
                    portfolio.refresh()
                    check(env, portfolio, f"{words}\n(from nothing)")


@pytest.fixture(scope="module")
def small_database():
    """A database with the portfolio and nothing in it, kept for the tests of this file."""
    name = os.environ.get("KOKYAKU_SMALL_DATABASE")
    if name:
        yield name
        place.forget(name)
        return
    name = "kokyaku_test_worlds"
    place.copy(place.template(), name)
    place.install(name, "kokyaku_portfolio")
    yield name
    place.forget(name)
    place.drop(name)


@pytest.mark.parametrize("lapse", [1, 240, 365])
@pytest.mark.parametrize("start", ["2019-02-28", "2020-02-29"])
def test_everything_on_the_same_day(small_database, lapse, start):
    """300 customers whose purchases and returns fall on days on which other things end."""
    draw = random.Random(f"{lapse} {start}")
    offsets = (0, 1, 2, lapse, lapse + 1, 2 * lapse, 364, 365, 366, 365 + lapse, 731)
    with place.environment(small_database) as env:
        portfolio = env["kokyaku.portfolio"].create(
            {"name": "Corners", "company_id": env.company.id, "tz": "UTC", "lapse_days": lapse,
             "short_tenure_days": 2, "long_tenure_days": 365, "loyal_amount": 5_000}
        )
        partners = env["res.partner"].create([{"name": f"Corner {n}"} for n in range(300)])
        for partner in partners:
            for _ in range(draw.randrange(1, 8)):
                env.cr.execute(
                    """INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
                        partner_shipping_id, currency_rate, state, date_order, amount_total,
                        amount_untaxed)
                    SELECT 'X', %s, p, p, p, 1, 'sale', date %s + %s, a, a
                    FROM (VALUES (%s, %s)) AS v (p, a)""",
                    (env.company.id, start, draw.choice(offsets), partner.id,
                     draw.choice((1_000, 1_000, 5_000, -1_000, -5_000))),
                )
        day = date.fromisoformat(start)
        for days in (0, 1, lapse, 365, 366, 365 + lapse, 1_500):
            portfolio.base_date = max(day + timedelta(days=days), portfolio.base_date or day)
            portfolio.refresh()
            check(env, portfolio, f"{portfolio.base_date}, one day after the other")
        portfolio.refresh(full=True)
        check(env, portfolio, "everyone again")
