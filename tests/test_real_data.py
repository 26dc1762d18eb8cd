"""A year of a real grocery chain: the portfolio household by household, held against pandas
and, day by day, against the brute force."""

from collections import Counter
from datetime import date

import pandas as pd
import place
import pytest
from real_data import brute_force, by_pandas, loader

USUAL = by_pandas.Rules()
# A year is too short for 240 days to show much: with these, all ten tiers have people.
SHORT = by_pandas.Rules(
    short_tenure_days=60, long_tenure_days=180, lapse_days=45, loyal_amount=500
)
JOURNEY = [
    # (base date, rules): forwards is incremental, backwards and new rules compute everyone
    (date(2017, 4, 30), USUAL),
    (date(2017, 8, 15), USUAL),
    (date(2017, 9, 30), SHORT),
    (date(2017, 10, 1), SHORT),
    (date(2017, 12, 31), SHORT),
    (date(2018, 2, 28), SHORT),
    (date(2018, 8, 31), SHORT),
    (date(2017, 6, 15), SHORT),
]


@pytest.fixture(scope="module")
def database():
    name = loader.prepare()
    yield name
    place.forget(name)


@pytest.fixture(scope="module")
def days():
    transactions, _ = loader.read()
    return by_pandas.purchases(transactions, loader.TZ)


@pytest.fixture
def env(database):
    with place.environment(database) as env:
        yield env


def the_portfolio(env):
    return env["kokyaku.portfolio"].search([("name", "=", loader.COMPANY)])


def set_rules(portfolio, on, rules):
    portfolio.write(
        {"base_date": on, **{name: value for name, value in vars(rules).items()}}
    )


def stored_people(env, portfolio):
    """The metrics as a frame like that of ``by_pandas.portfolio``."""
    env.cr.execute(
        """SELECT substr(p.ref, 2)::int, m.first_date, m.last_date, m.purchase_days,
            (m.amount * 100)::bigint, m.order_count, (m.amount_12m * 100)::bigint, m.tenure_days,
            t.code, m.r_quintile, m.f_quintile, m.m_quintile, m.decile, m.abc_class
        FROM kokyaku_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
        LEFT JOIN kokyaku_tier t ON t.id = m.tier_id WHERE m.portfolio_id = %s""",
        (portfolio.id,),
    )
    names = ["household", "first", "last", "times", "cents", "orders", "cents_12m", "tenure",
             "tier", "r_quintile", "f_quintile", "m_quintile", "decile", "abc"]
    frame = pd.DataFrame(env.cr.fetchall(), columns=names).set_index("household").sort_index()
    frame["first"], frame["last"] = pd.to_datetime(frame["first"]), pd.to_datetime(frame["last"])
    return frame


def assert_same_people(found, wanted, words):
    wanted = wanted.sort_index()
    assert list(found.index) == list(wanted.index), f"{words}: not the same households"
    for name in found.columns:
        have, want = found[name], wanted[name]
        differ = ~((have == want) | (have.isna() & want.isna()))
        assert not differ.any(), (
            f"{words}: {name} of {differ.sum()} households, first {differ.idxmax()}: "
            f"wanted {want[differ.idxmax()]}, found {have[differ.idxmax()]}"
        )


def test_everything_was_loaded(env):
    env.cr.execute(
        """SELECT count(*), count(DISTINCT partner_id), sum(amount_total) FROM sale_order
        WHERE state = 'sale'"""
    )
    baskets, households, amount = env.cr.fetchone()
    assert (baskets, households) == (155_848, 2_469)
    transactions, products = loader.read()
    assert round(amount * 100) == round(transactions.sales_value.sum() * 100)
    env.cr.execute("SELECT count(*), sum(price_subtotal) FROM sale_order_line")
    assert env.cr.fetchone()[0] == len(transactions)
    listed = set(products.product_id.astype(str)) | set(transactions.product_id.astype(str))
    env.cr.execute("SELECT default_code FROM product_product")
    assert listed <= {row[0] for row in env.cr.fetchall()}


def test_the_orm_computes_the_same_orders(env):
    """What the loader wrote by SQL is what the ORM would have written."""
    env.cr.execute(
        "SELECT id FROM sale_order WHERE state = 'sale' ORDER BY hashint4(id) LIMIT 60"
    )
    orders = env["sale.order"].browse([row[0] for row in env.cr.fetchall()])
    lines = orders.order_line
    before = [(o.amount_untaxed, o.amount_tax, o.amount_total, o.currency_rate) for o in orders]
    before_lines = [(x.price_subtotal, x.price_tax, x.price_total, x.state) for x in lines]
    for records, names in (
        (lines, ("price_subtotal", "price_tax", "price_total", "state")),
        (orders, ("amount_untaxed", "amount_tax", "amount_total", "currency_rate")),
        (orders.partner_id, ("complete_name", "commercial_partner_id")),
    ):
        for name in names:
            env.add_to_compute(records._fields[name], records)
    assert [p.commercial_partner_id for p in orders.partner_id] == list(orders.partner_id)
    assert all(p.complete_name == p.name for p in orders.partner_id)
    assert [(x.price_subtotal, x.price_tax, x.price_total, x.state) for x in lines] == before_lines
    assert [
        (o.amount_untaxed, o.amount_tax, o.amount_total, o.currency_rate) for o in orders
    ] == before


def test_every_household_on_every_base_date(env, days):
    """One portfolio travels through the year; at each stop it must be that of pandas."""
    portfolio = the_portfolio(env)
    seen = Counter()
    for on, rules in JOURNEY:
        words = f"{on}, lapse {rules.lapse_days}"
        set_rules(portfolio, on, rules)
        portfolio.refresh()
        portfolio.rank()
        wanted = by_pandas.portfolio(days, on, rules)
        assert_same_people(stored_people(env, portfolio), wanted, words)
        lapse = (pd.Timestamp(on) - wanted["last"]).dt.days
        metrics = env["kokyaku.customer.metrics"].search(
            [("portfolio_id", "=", portfolio.id)], limit=50, order="lapse_days desc, id"
        )
        assert [row.lapse_days for row in metrics] == sorted(lapse, reverse=True)[:50], words
        seen.update(wanted.tier.dropna().unique())
    assert len(seen) == 10, f"Some tier never had anyone: {seen}"


def test_the_past_stands_in_the_daily_differences(env, days):
    """Any day's portfolio is the running sum of kokyaku.tier.day."""
    portfolio = the_portfolio(env)
    set_rules(portfolio, date(2018, 8, 31), SHORT)
    portfolio.refresh()
    for on in [*pd.date_range("2017-01-01", "2018-08-31", freq="ME"), pd.Timestamp("2017-12-30")]:
        people = by_pandas.portfolio(days, on, SHORT)
        groups = people[people.tier.notna()].groupby("tier")
        wanted = {
            tier: (len(rows), rows.cents.sum(), rows.cents_12m.sum()) for tier, rows in groups
        }
        env.cr.execute(
            """SELECT t.code, sum(d.people_delta), round(sum(d.amount_delta) * 100)::bigint,
                round(sum(d.amount_12m_delta) * 100)::bigint
            FROM kokyaku_tier_day d JOIN kokyaku_tier t ON t.id = d.tier_id
            WHERE d.portfolio_id = %s AND d.date <= %s GROUP BY t.code
            HAVING sum(d.people_delta) <> 0""",
            (portfolio.id, on.date()),
        )
        assert {row[0]: row[1:] for row in env.cr.fetchall()} == wanted, str(on)


def test_history_day_by_day(env):
    """Stays, daily differences and moves of all households, each day on its own."""
    from odoo.addons.kokyaku_portfolio.tiers import tier_of

    portfolio = the_portfolio(env)
    set_rules(portfolio, date(2018, 3, 31), SHORT)
    portfolio.refresh()
    customers = brute_force.read_documents(env, portfolio)
    wanted = brute_force.expected(
        customers, portfolio._tier_rules(), portfolio.base_date, tier_of
    )
    assert len(wanted["metrics"]) > 2000
    lines = brute_force.differences(wanted, brute_force.stored(env, portfolio))
    assert not lines, "\n".join(lines[:20])
