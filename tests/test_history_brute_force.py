"""Incremental = full = brute force: in random worlds, after every step, row by row."""

import os

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
