"""Small random worlds of customers and orders, and what happens in them.

Everything is drawn from one seed, so a world that fails can be looked at again:
``World(env, seed)`` and then ``live()`` as often as the test did. What was done stands in
``world.log``.
"""

import random
from datetime import date, datetime, timedelta

START, END = date(2019, 9, 1), date(2022, 12, 31)
MIDNIGHTS = ("14:59:59", "15:00:00", "03:59:59", "04:00:00", "23:59:59", "00:00:00")
ADDRESS_TYPES = ("contact", "invoice", "delivery", "other")


def is_below(partner, other):
    """Whether a partner is another one's child, grandchild …"""
    while partner:
        if partner == other:
            return True
        partner = partner.parent_id
    return False


class World:
    """One company's customers, their orders and invoices, and portfolios that look at them."""

    def __init__(self, env, seed):
        self.env, self.draw, self.log = env, random.Random(seed), []
        self.company = env.company
        self.other_company = env["res.company"].create({"name": f"Other {seed}"})
        self.journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
        self.partners = self._make_partners()
        self.portfolios = self._make_portfolios()
        self.until = START + timedelta(days=self.draw.randrange(200, 1000))
        for _ in range(self.draw.choice((5, 40, 120))):
            self.add_order()
        for _ in range(self.draw.choice((0, 20, 40))):
            self.add_invoice()
        for _ in range(20):
            self.buy_when_something_ends()
        self.log.clear()

    def _make_partners(self):
        Partner = self.env["res.partner"].with_context(tracking_disable=True)
        companies = Partner.create(
            [{"name": f"Company {n}", "is_company": True, "ref": f"C{n}"} for n in range(3)]
        )
        persons = Partner.create(
            [{"name": f"Employee {n}", "parent_id": companies[n % 3].id} for n in range(4)]
            + [{"name": f"Person {n}", "ref": n % 2 and f"P{9 - n}"} for n in range(6)]
        )
        addresses = Partner.create(
            [
                {"name": f"Address {n}", "type": kind, "parent_id": parent.id}
                for n, (kind, parent) in enumerate(
                    [("delivery", persons[0]), ("other", persons[5]), ("invoice", companies[0]),
                     ("delivery", persons[6])]
                )
            ]
        )
        below = Partner.create(
            [{"name": "Address 9", "type": "other", "parent_id": addresses[0].id}]
        )
        return list((companies | persons | addresses | below).ids)

    def _make_portfolios(self):
        def thresholds():
            short = self.draw.randrange(2, 120)
            return {
                "short_tenure_days": short,
                "long_tenure_days": short + self.draw.randrange(1, 200),
                "lapse_days": self.draw.choice((1, 30, 100, 240, 365, 400)),
                "loyal_amount": self.draw.choice((1, 9_000, 30_000, 70_000)),
            }

        every = [
            {"unit": "person", "basis": "orders", "tax_included": True, "tz": "Asia/Tokyo"},
            {"unit": "entity", "basis": "orders", "tax_included": False, "tz": "America/New_York"},
            {"unit": "person", "basis": "invoices", "tax_included": False, "tz": "UTC"},
            {"unit": "person", "basis": "orders", "company_id": self.other_company.id,
             "tz": "Asia/Tokyo"},
        ]
        self.thresholds = thresholds
        return self.env["kokyaku.portfolio"].create(
            [
                {"name": f"Portfolio {n}", "company_id": self.company.id, **thresholds(), **values}
                for n, values in enumerate(every)
            ]
        )

    # ---- one step ------------------------------------------------------------------------

    def live(self, events=None):
        """Let some things happen, and time pass."""
        happenings = (
            [self.add_order] * 6 + [self.edit_order] * 6 + [self.delete_orders] * 2
            + [self.return_everything] * 2 + [self.edit_many_orders, self.order_by_form]
            + [self.add_invoice] * 2 + [self.edit_invoice] * 2
            + [self.move_partner, self.merge_partners, self.change_type, self.delete_partner]
            + [self.buy_twice_a_day] * 2
            + [self.buy_when_something_ends] * 6 + [self.archive_partner]
        )
        for _ in range(self.draw.randrange(6) if events is None else events):
            self.draw.choice(happenings)()
        self.until += timedelta(
            days=self.draw.choice((0, 1, 1, 7, 29, 90, 240, 365, 366)) * (
                -1 if self.draw.random() < 0.1 else 1
            )
        )
        self.until = min(max(self.until, START), END + timedelta(days=700))
        self.portfolios.write({"base_date": self.until})
        self.note("base date", self.until)
        if self.draw.random() < 0.15:
            portfolio = self.draw.choice(self.portfolios)
            values = self.thresholds()
            if self.draw.random() < 0.3:
                values = {"unit": self.draw.choice(("person", "entity"))}
            portfolio.write(values)
            self.note("rules", portfolio.name, values)

    def note(self, *words):
        self.log.append(" ".join(str(word) for word in words))

    # ---- orders --------------------------------------------------------------------------

    def some_day(self):
        return START + timedelta(days=self.draw.randrange((END - START).days))

    def instant(self, day):
        at = self.draw.choice(MIDNIGHTS)
        if self.draw.random() < 0.6:
            at = f"{self.draw.randrange(24):02}:{self.draw.randrange(60):02}:00"
        return datetime.fromisoformat(f"{day} {at}")

    def amount(self):
        kind = self.draw.random()
        if kind < 0.12:
            return -self.draw.randrange(1, 20_000)
        if kind < 0.17:
            return 0
        return self.draw.choice((100, 1_000, 8_999, 9_000, 30_000, self.draw.randrange(1, 50_000)))

    def person(self):
        return self.draw.choice(self.partners) if self.draw.random() < 0.25 else None

    def add_order(self, partner=None, day=None, amount=None, state=None):
        """An order as the database holds it; nothing else of it matters to the portfolio."""
        partner = partner or self.draw.choice(self.partners)
        state = state or self.draw.choice(("sale",) * 8 + ("draft", "cancel"))
        amount = self.amount() if amount is None else amount
        company = self.other_company if self.draw.random() < 0.1 else self.company
        row = (
            "X", company.id, partner, partner, partner, self.company.currency_id.id,
            self.draw.choice((1, 1, 1, 1, None, 0, 0.0067)), state,
            self.instant(day or self.some_day()), amount, round(amount / 1.1), self.person(),
        )
        self.env.cr.execute(
            """INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,
                partner_shipping_id, currency_id, currency_rate, state, date_order,
                amount_total, amount_untaxed, person_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
            row,
        )
        self.note("order", *self.env.cr.fetchone(), *row[2:3], *row[6:])

    def buy_twice_a_day(self):
        partner, day = self.draw.choice(self.partners), self.some_day()
        for _ in range(2):
            self.add_order(partner, day, state="sale")

    def buy_when_something_ends(self):
        """Somebody buys or returns on the very day they lapse, or something turns a year old."""
        for order in self.env["sale.order"].browse(self.pick("sale_order")):
            days = self.draw.choice((365, 366, *self.portfolios.mapped("lapse_days")))
            self.add_order(
                order.partner_id.id, order.date_order.date() + timedelta(days=days), state="sale"
            )

    def return_everything(self):
        """A customer brings back everything and, sometimes, buys again."""
        partner = self.draw.choice(self.partners)
        self.env.cr.execute(
            """SELECT COALESCE(sum(amount_total), 0), max(date_order)::date FROM sale_order
            WHERE COALESCE(person_id, partner_id) = %s AND state = 'sale'""",
            (partner,),
        )
        amount, last = self.env.cr.fetchone()
        if last:
            back = last + timedelta(days=self.draw.randrange(60))
            self.add_order(partner, back, -amount, "sale")
            if self.draw.random() < 0.5:
                self.add_order(partner, back + timedelta(days=self.draw.randrange(300)))

    def pick(self, table, limit=1):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT id FROM {table} ORDER BY id")
        ids = [row[0] for row in self.env.cr.fetchall()]
        return self.draw.sample(ids, min(limit, len(ids)))

    def edit_order(self, ids=None):
        column, value = self.draw.choice(
            [
                ("amount_total", self.amount()),
                ("amount_untaxed", self.amount()),
                ("date_order", self.instant(self.some_day())),
                ("state", self.draw.choice(("sale", "sale", "cancel", "draft"))),
                ("partner_id", self.draw.choice(self.partners)),
                ("person_id", self.person()),
                ("currency_rate", self.draw.choice((None, 0, 1, 0.0067))),
                ("company_id", self.draw.choice((self.company, self.other_company)).id),
                ("note", "nothing that counts"),
            ]
        )
        ids = ids or self.pick("sale_order")
        if ids:
            self.env.cr.execute(
                f"UPDATE sale_order SET {column} = %s WHERE id IN %s", (value, tuple(ids))
            )
            self.env["sale.order"].invalidate_model()
        self.note("orders", ids, column, value)

    def edit_many_orders(self):
        self.edit_order(ids=self.pick("sale_order", 8))

    def order_by_form(self):
        """The same by the ORM: another customer, or cancelled."""
        for order in self.env["sale.order"].browse(self.pick("sale_order")):
            if self.draw.random() < 0.5 and order.state == "sale":
                order.with_context(disable_cancel_warning=True)._action_cancel()
                self.note("form cancels", order.id)
            else:
                order.write({"person_id": self.person()})
                self.note("form writes person of", order.id, order.person_id.id)

    def delete_orders(self):
        ids = self.pick("sale_order", self.draw.choice((1, 1, 4)))
        if ids:
            self.env.cr.execute("DELETE FROM sale_order WHERE id IN %s", (tuple(ids),))
            self.env["sale.order"].invalidate_model()
        self.note("orders deleted", ids)

    # ---- invoices ------------------------------------------------------------------------

    def add_invoice(self):
        refund = self.draw.random() < 0.15
        amount = abs(self.amount()) * (-1 if refund else 1)
        row = (
            self.draw.choice(("posted", "posted", "draft", "cancel")),
            "out_refund" if refund else "out_invoice",
            self.some_day(), self.draw.choice(self.partners), self.person(), amount,
            round(amount / 1.1), self.company.id, self.journal.id, self.company.currency_id.id,
        )
        self.env.cr.execute(
            """INSERT INTO account_move (state, move_type, date, invoice_date, partner_id,
                person_id, amount_total_signed, amount_untaxed_signed, company_id, journal_id,
                currency_id, auto_post)
            VALUES (%s, %s, '2024-01-01', %s, %s, %s, %s, %s, %s, %s, %s, 'no')""",
            row,
        )
        self.note("invoice", *row[:7])

    def edit_invoice(self):
        ids = self.pick("account_move", 2)
        column, value = self.draw.choice(
            [
                ("amount_untaxed_signed", self.amount()),
                ("invoice_date", self.some_day()),
                ("state", self.draw.choice(("posted", "cancel", "draft"))),
                ("partner_id", self.draw.choice(self.partners)),
                ("person_id", self.person()),
            ]
        )
        if ids:
            self.env.cr.execute(
                f"UPDATE account_move SET {column} = %s WHERE id IN %s", (value, tuple(ids))
            )
            self.env["account.move"].invalidate_model()
        self.note("invoices", ids, column, value)

    # ---- people --------------------------------------------------------------------------

    def some_partner(self):
        return self.env["res.partner"].browse(self.draw.choice(self.partners))

    def move_partner(self):
        """Somebody changes company, or leaves it."""
        partner, parent = self.some_partner(), self.some_partner()
        if parent == partner or is_below(parent, partner) or self.draw.random() < 0.2:
            parent = self.env["res.partner"]
        if not partner.is_company:
            partner.parent_id = parent
            self.note("partner", partner.id, "now under", parent.id)

    def change_type(self):
        partner = self.some_partner()
        if partner.parent_id:
            partner.type = self.draw.choice(ADDRESS_TYPES)
            self.note("partner", partner.id, "now of type", partner.type)

    def archive_partner(self):
        partner = self.some_partner()
        partner.active = not partner.active
        self.note("partner", partner.id, "active", partner.active)

    def merge_partners(self):
        source, target = self.some_partner(), self.some_partner()
        if source == target or is_below(source, target) or is_below(target, source):
            return
        if source.is_company != target.is_company or len(self.partners) < 6:
            return
        source.child_ids.parent_id = False  # the merge refuses to mix families
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        self.note("merge", source.id, "into", target.id)
        wizard._merge([source.id, target.id], target, extra_checks=False)
        self.partners.remove(source.id)

    def delete_partner(self):
        """Somebody without documents goes; a new one comes."""
        partner = self.some_partner()
        used = self.env["sale.order"].search_count(
            ["|", ("partner_id", "=", partner.id), ("person_id", "=", partner.id)]
        ) or self.env["account.move"].search_count(
            ["|", ("partner_id", "=", partner.id), ("person_id", "=", partner.id)]
        )
        if not used and not partner.child_ids and len(self.partners) > 8:
            self.note("partner deleted", partner.id)
            self.partners.remove(partner.id)
            partner.unlink()
        self.partners.append(self.env["res.partner"].create({"name": "New"}).id)
