"""A small company whose portfolio is refreshed, and what its users see of that."""

from contextlib import closing

import place
from real_data import brute_force

from .databases import shell
from .worker import Worker

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

# Calls at() at each of the moments.
WORKER = """
Portfolio = type(env["kokyaku.portfolio"])
chunks = [0]

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
"""


def found(database):
    """Give a database 300 customers with their orders, aggregated once."""
    shell(database, CUSTOMERS)


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


def worker(database, moment=None, **environment):
    """A :class:`Worker` that stops at one of the moments."""
    return Worker(database, WORKER, moment, environment)


def state_of(database, run):
    return place.execute(
        database, "SELECT state, result_message FROM kokyaku_run WHERE id = %s", (run,)
    )[0]
