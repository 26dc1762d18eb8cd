"""The portfolio of every single day, by brute force: the slow and obvious way.

Written from the rules (design §3, domain notes §1), not from the engine: documents are read by
one plain SELECT, everything after that is Python, one customer and one day after the other.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

ADDRESSES = ("invoice", "delivery", "other")
UTC = ZoneInfo("UTC")
NOBODY = (None, Decimal(0), Decimal(0))


def tier_by_table(rules, purchase_days, first, last, amount, on):
    """The tier of a customer, read from the published table row by row (domain notes §1.2).

    A second wording of ``kokyaku_portfolio.tiers.tier_of``; both must always agree.
    """
    if purchase_days < 1 or amount <= 0:
        return None
    tenure, lapse = (last - first).days, (on - last).days
    short, long, enough = rules.short_tenure_days, rules.long_tenure_days, rules.loyal_amount
    table = {
        "first": purchase_days == 1,
        "toddler": purchase_days > 1 and tenure < short,
        "steady": purchase_days > 1 and tenure >= short and amount < enough,
        "trend": purchase_days > 1 and short <= tenure < long and amount >= enough,
        "loyal": purchase_days > 1 and tenure >= long and amount >= enough,
    }
    (row,) = [name for name, holds in table.items() if holds]
    return row + ("_lapsed" if lapse >= rules.lapse_days else "_active")


# ---- reading the documents ------------------------------------------------------------------


def read_documents(env, portfolio):
    """Return ``{customer id: {day: [amount, …]}}``: every purchase and return there is."""
    env.flush_all()
    if portfolio.basis == "invoices":
        documents = _invoices(env, portfolio)
    else:
        documents = _orders(env, portfolio)
    env.cr.execute("SELECT id, parent_id, type, commercial_partner_id FROM res_partner")
    contacts = {row[0]: row[1:] for row in env.cr.fetchall()}
    customers = defaultdict(lambda: defaultdict(list))
    for contact, day, amount in documents:
        customers[_customer(contacts, contact, portfolio.unit)][day].append(amount)
    return customers


def _orders(env, portfolio):
    column = "amount_total" if portfolio.tax_included else "amount_untaxed"
    zone = ZoneInfo(portfolio.tz)
    step = Decimal(1).scaleb(-portfolio.company_id.currency_id.decimal_places)
    env.cr.execute(
        f"""SELECT person_id, partner_id, date_order, {column}::text, currency_rate::text
        FROM sale_order WHERE company_id = %s AND state = 'sale'""",
        (portfolio.company_id.id,),
    )
    for person, partner, instant, amount, rate in env.cr.fetchall():
        amount, rate = Decimal(amount), Decimal(rate or 0)
        if rate and rate != 1:
            amount = (amount / rate).quantize(step, ROUND_HALF_UP)
        day = instant.replace(tzinfo=UTC).astimezone(zone).date()
        yield person or partner, day, amount


def _invoices(env, portfolio):
    column = "amount_total_signed" if portfolio.tax_included else "amount_untaxed_signed"
    env.cr.execute(
        f"""SELECT person_id, partner_id, invoice_date, {column}::text FROM account_move
        WHERE company_id = %s AND state = 'posted'
            AND move_type IN ('out_invoice', 'out_refund')""",
        (portfolio.company_id.id,),
    )
    for person, partner, day, amount in env.cr.fetchall():
        yield person or partner, day, Decimal(amount)


def _customer(contacts, contact, unit):
    parent, kind, commercial = contacts[contact]
    if unit == "entity":
        return commercial
    while kind in ADDRESSES and parent:
        contact = parent
        parent, kind, _ = contacts[contact]
    return contact


# ---- one customer ---------------------------------------------------------------------------


def life(purchases, rules, until, tier_of):
    """Yield ``(day, (tier, amount, amount_12m), facts)`` for every day of a customer's life.

    :param purchases: ``{day: [amount, …]}``
    :param rules: thresholds, as ``kokyaku_portfolio.tiers.TierRules``
    :param until: last day
    :param tier_of: the specification to hold our own table against
    :returns: facts are ``first, last, purchase_days, order_count``, and the 12 months of the
        day without what was bought or returned on it
    """
    net = {day: sum(amounts) for day, amounts in purchases.items() if sum(amounts)}
    net = {day: amount for day, amount in net.items() if day <= until}
    if not net:
        return
    leaving = defaultdict(Decimal)
    bought, amount, year, orders = [], Decimal(0), Decimal(0), 0
    day = min(net)
    while day <= until:
        year -= leaving.pop(day, 0)
        year_before = year
        if day in net:
            amount += net[day]
            year += net[day]
            leaving[day + relativedelta(months=12)] += net[day]
            orders += len(purchases[day])
            if net[day] > 0:
                bought.append(day)
        first, last = (bought[0], bought[-1]) if bought else (None, None)
        facts = (first, last, len(bought), orders, year_before)
        tier = tier_by_table(rules, facts[2], facts[0], facts[1], amount, day)
        spec = tier_of(rules, facts[2], facts[0], facts[1], amount, day)
        assert tier == spec, f"two wordings of the rules differ: {tier}, {spec} ({facts}, {day})"
        yield day, (tier, amount, year), facts
        day += timedelta(days=1)


# ---- everyone -------------------------------------------------------------------------------


def expected(customers, rules, until, tier_of):
    """Return the four tables as they should read on the day ``until``.

    ``metrics``: {customer: (tier, first, last, days, orders, amount, 12 months)};
    ``periods``: {(customer, from): (tier, tier before, to, amount, 12 months)};
    ``days``: {(day, tier): [people, amount, 12 months]};
    ``moves``: {(day, from, to): [people, amount, 12 months]}.
    """
    tables = {"metrics": {}, "periods": {}, "days": {}, "moves": {}}
    days, moves = defaultdict(lambda: [0, 0, 0]), defaultdict(lambda: [0, 0, 0])
    for customer, purchases in customers.items():
        before, stay = NOBODY, None
        for day, now, facts in life(purchases, rules, until, tier_of):
            _note_day(days, day, before, now)
            if now[0] != before[0]:
                # Who leaves the tiers by a return: with the amounts before it.
                tier, amount, year = now if now[0] else (None, before[1], facts[4])
                _add(moves[day, before[0], tier], 1, amount, year)
                if stay:
                    tables["periods"][customer, stay][2] = day - timedelta(days=1)
                stay = day if tier else None
                if stay:
                    tables["periods"][customer, stay] = [tier, before[0], None, amount, year]
            before, last_facts = now, facts
        if before is not NOBODY and last_facts[2]:
            tables["metrics"][customer] = (before[0], *last_facts[:4], before[1], before[2])
    tables["periods"] = {key: tuple(row) for key, row in tables["periods"].items()}
    tables["days"] = {key: tuple(row) for key, row in days.items() if any(row)}
    tables["moves"] = {key: tuple(row) for key, row in moves.items() if any(row)}
    return tables


def _note_day(days, day, before, now):
    """Book the difference between two days of one customer."""
    if before[0]:
        _add(days[day, before[0]], -1, -before[1], -before[2])
    if now[0]:
        _add(days[day, now[0]], 1, now[1], now[2])


def _add(row, people, amount, year):
    row[0] += people
    row[1] += amount
    row[2] += year


# ---- what the engine says ------------------------------------------------------------------


def stored(env, portfolio):
    """Return the same four tables as the database holds them, by plain SQL."""
    env.flush_all()
    codes = {None: None}
    env.cr.execute("SELECT id, code FROM kokyaku_tier")
    codes.update(env.cr.fetchall())

    def rows(columns, table):
        """Rows in which amounts, the columns marked ``::text``, are Decimals again."""
        env.cr.execute(
            f"SELECT {columns} FROM {table} WHERE portfolio_id = %s", (portfolio.id,)
        )
        exact = [column.endswith("::text") for column in columns.split(", ")]
        return [
            tuple(
                Decimal(value) if numeric and value is not None else value
                for numeric, value in zip(exact, row, strict=True)
            )
            for row in env.cr.fetchall()
        ]

    def keyed(pairs):
        """A dict; a key that comes twice is an error of its own."""
        found = {}
        for key, value in pairs:
            assert key not in found, f"{key} twice: {value}, {found[key]}"
            found[key] = value
        return found

    metrics = "partner_id, tier_id, first_date, last_date, purchase_days, order_count, amount::text"
    periods = (
        "partner_id, date_from, tier_id, previous_tier_id, date_to, amount::text, amount_12m::text"
    )
    for customer, first, last, tenure in rows(
        "partner_id, first_date, last_date, tenure_days", "kokyaku_customer_metrics"
    ):
        assert tenure == (last - first).days, f"tenure of {customer}: {tenure}"
    return {
        "metrics": keyed(
            (row[0], (codes[row[1]], *row[2:])) for row in rows(metrics, "kokyaku_customer_metrics")
        ),
        "periods": keyed(
            ((row[0], row[1]), (codes[row[2]], codes[row[3]], *row[4:]))
            for row in rows(periods, "kokyaku_tier_period")
        ),
        "days": keyed(
            ((row[0], codes[row[1]]), row[2:])
            for row in rows(
                "date, tier_id, people_delta, amount_delta::text, amount_12m_delta::text",
                "kokyaku_tier_day",
            )
        ),
        "moves": keyed(
            ((row[0], codes[row[1]], codes[row[2]]), row[3:])
            for row in rows(
                "date, from_tier_id, to_tier_id, people, amount::text, amount_12m::text",
                "kokyaku_tier_move",
            )
        ),
    }


def differences(wanted, found):
    """Return every row in which two sets of tables differ, as text."""
    lines = []
    for table in wanted:
        want, have = wanted[table], found[table]
        if table == "metrics":  # the ranking step writes the twelve months, later
            want = {key: row[:6] for key, row in want.items()}
            have = {key: row[:6] for key, row in have.items()}
        for key in sorted(want.keys() | have.keys(), key=str):
            if want.get(key) != have.get(key):
                lines.append(f"{table} {key}: wanted {want.get(key)}, found {have.get(key)}")
    return lines


# ---- ranks ----------------------------------------------------------------------------------


def expected_ranks(env, portfolio, metrics):
    """Return ``{customer: (decile, abc, r, f, m, amount_12m)}`` of those in a tier."""
    env.cr.execute("SELECT id, ref FROM res_partner")
    refs = dict(env.cr.fetchall())

    def by(column):
        """Best first; ties by customer code (none comes last), then id."""

        def key(customer):
            value = metrics[customer][column]
            value = value.toordinal() if hasattr(value, "toordinal") else value
            ref = refs.get(customer)
            return -value, ref is None, ref or "", customer

        return sorted((one for one in metrics if metrics[one][0]), key=key)

    amounts = by(5)
    total = sum(metrics[one][5] for one in amounts)
    limits = [
        ("a", total * Decimal(str(portfolio.abc_a)) / 100),
        ("b", total * Decimal(str(portfolio.abc_b)) / 100),
    ]
    ranks, before = {}, Decimal(0)
    deciles, m = _groups(amounts, 10), _groups(amounts, 5)
    r, f = _groups(by(2), 5), _groups(by(3), 5)
    for one in amounts:
        abc = next((name for name, limit in limits if before < limit), "c")
        before += metrics[one][5]
        ranks[one] = (deciles[one], abc, 6 - r[one], 6 - f[one], 6 - m[one], metrics[one][6])
    return ranks


def _groups(ordered, count):
    """Cut a list into groups of equal size, larger ones first: ``{item: group from 1}``."""
    size, larger = divmod(len(ordered), count)
    groups, start = {}, 0
    for number in range(1, count + 1):
        end = start + size + (number <= larger)
        groups.update(dict.fromkeys(ordered[start:end], number))
        start = end
    return groups


def stored_ranks(env, portfolio):
    env.flush_all()
    env.cr.execute(
        """SELECT partner_id, decile, abc_class, r_quintile, f_quintile, m_quintile,
            amount_12m::text
        FROM kokyaku_customer_metrics WHERE portfolio_id = %s AND tier_id IS NOT NULL""",
        (portfolio.id,),
    )
    return {row[0]: (*row[1:6], Decimal(row[6])) for row in env.cr.fetchall()}
