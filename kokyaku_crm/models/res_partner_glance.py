from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..days import age_on, next_birthday
from ..tools import office_today

OURS = "kokyaku_crm.group_analyst"
FEW = 3
NEAR = 180
AFFILIATION_FIELDS = (
    "company_partner_id department function date_from date_to is_main company_name"
).split()
OWN_FIELDS = (
    "name is_company type parent_id function birthdate deceased_on user_id company_id "
    "partner_share active commercial_partner_id"
).split()
HOUSE_FIELDS = ["name", "is_company", "parent_id", "active", "company_id", "partner_share"]
AHEAD = 60  # days in which a birthday is worth knowing


class ResPartner(models.Model):
    """The glance at a person or a company: what must be known before one picks up the phone."""

    _inherit = "res.partner"

    glance_cards = fields.Json(
        string="Summary",
        compute="_compute_glance_cards",
        groups=OURS,
        exportable=False,
    )  # comes with the form's own reading: a call of its own would ask half of it again

    def _compute_glance_cards(self):
        for partner in self:
            shown = partner._origin == partner and partner.type == "contact"
            partner.glance_cards = partner.kokyaku_glance()["cards"] if shown else False

    @api.readonly
    def kokyaku_glance(self):
        """Return the cards over the partner's form, each by a constant number of statements.

        :return: dict with ``cards``, see ``_glance_cards``
        """
        self.ensure_one()
        self.fetch(OWN_FIELDS)  # a partner has a hundred more, and each of them costs time
        self.check_access("read")
        if not self.env.user.has_group(OURS):
            raise AccessError(self.env._("Only users of the customer management see this."))
        return {"cards": self._glance_cards()}

    def _glance_cards(self):
        """Return the cards in their order (hook: add cards, or lines to the card of a ``name``).

        A card has ``name``, ``title``, ``icon``, ``lines`` and perhaps ``empty``, the text
        without lines. See ``_glance_line`` for the lines.
        """
        cards = [
            self._glance_people() if self.is_company else self._glance_belongs(),
            self._glance_reach(),
            self._glance_purchases(),
            self._glance_contacts(),
            self._glance_next(),
        ]
        return [card for card in cards if card]

    @api.model
    def _glance_line(self, text, label=False, note=False, tone=False, target=(), color=False):
        """Return one line of a card.

        :param label: what it is, in front, muted
        :param note: what stands behind, muted
        :param tone: ``danger`` or ``muted``
        :param target: what a click opens: (model, id) a record, (method,) the action that a
            method of this partner returns, ("#page",) a page of the form
        :param color: number of the colour, if the text is a badge
        """
        return {
            "text": text or "",
            "label": label,
            "note": note or False,
            "tone": tone,
            "target": list(target) or False,
            "color": color,
        }

    def _glance_day(self, day):
        """A day as short as it is clear: without the year where it is the nearest such day."""
        near = abs((day - office_today(self)).days) < NEAR
        return format_date(self.env, day, date_format="M/d" if near else False)

    # ---- 所属 -------------------------------------------------------------------

    def _glance_belongs(self):
        line = self._glance_line
        page = ("#kokyaku_affiliations",)
        lines = []
        today = office_today(self)
        rows = self.env["kokyaku.affiliation"].search_fetch(
            [("partner_id", "=", self.id)], AFFILIATION_FIELDS, limit=20
        )
        present = rows._present(today).sorted(lambda row: not row.is_main)[:2]
        present.company_partner_id.sudo().fetch(HOUSE_FIELDS)
        for row in present:
            company = row.company_partner_id.sudo()
            lines.append(
                line(
                    company._company_and_department_text(),
                    target=("res.partner", company.id),
                )
            )
            if post := " ".join(filter(None, (row.department, row.function))):
                lines.append(line(post))
        if not rows and self.parent_id:
            parent = self.parent_id.sudo()
            text = parent._company_and_department_text()
            lines.append(line(text, target=("res.partner", parent.id)))
            if self.function:
                lines.append(line(self.function))
        past = rows.filtered(lambda row: row.state == "past")[:1]
        if past:
            lines.append(
                line(
                    past.company_name or past.company_partner_id.sudo().name,
                    label=self.env._("Formerly"),
                    note=past.function,
                    tone="muted",
                    target=page,
                )
            )
        if self.birthdate:
            age = self.env._("%s years old", age_on(self.birthdate, today))
            lines.append(line(age, label=self.env._("Age")))
        return {
            "name": "belongs",
            "title": self.env._("Affiliation"),
            "icon": "fa-building-o",
            "lines": lines,
            "empty": self.env._("No company"),
        }

    def _glance_people(self):
        line = self._glance_line
        People = self.env["kokyaku.company.person"]
        current = [*self._people_domain(), ("state", "=", "current")]
        count = People.search_count(current)
        lines = []
        if count:
            lines.append(line(self.env._("%s people", count), target=("action_open_people",)))
            for person in People.search(current, limit=FEW):
                note = " ".join(filter(None, (person.department, person.function)))
                target = ("res.partner", person.partner_id.id)
                lines.append(line(person.name, note=note, target=target))
        return {
            "name": "people",
            "title": self.env._("People"),
            "icon": "fa-users",
            "lines": lines,
            "empty": self.env._("Nobody is known here yet"),
        }

    # ---- 連絡・受取可否 --------------------------------------------------------------

    def _glance_reach(self):
        """Whose customer it is, the home, and what may be sent, in symbols with words."""
        line = self._glance_line
        lines = []
        staff = (self.user_id | self.staff_ids).sudo()
        if staff:
            lines.append(
                line(staff[0].name, self.env._("In charge"), ", ".join(staff[1:].mapped("name")))
            )
        home = self.env["kokyaku.home.address"].search_fetch(
            [("partner_id", "=", self.id)], ["state_id", "city", "street", "phone"]
        )
        if home:
            text = " ".join(filter(None, (home.state_id.name, home.city, home.street)))
            if text or home.phone:
                page = ("#kokyaku_home",)
                lines.append(line(text or home.phone, label=self.env._("Home"), target=page))
        Consent = self.env["kokyaku.consent"]
        labels = dict(Consent._fields["channel"]._description_selection(self.env))
        states = {
            consent.channel: consent.state
            for consent in Consent.search_fetch(
                [("partner_id", "=", self.id), ("purpose", "=", "promotion")], ["channel", "state"]
            )
        }
        page = ("#kokyaku_consents",)
        for state, label, tone in (
            ("allowed", self.env._("○ Welcome"), False),
            ("refused", self.env._("× Not wanted"), "danger"),
        ):
            names = [name for code, name in labels.items() if states.get(code) == state]
            if names:
                text = self.env._(", ").join(names)
                lines.append(line(text, label=label, tone=tone, target=page))
        if not {"allowed", "refused"} & set(states.values()):
            lines.append(
                line(self.env._("Not asked yet"), self.env._("Consents"), tone="muted", target=page)
            )
        return {
            "name": "reach",
            "title": self.env._("Staff and Consents"),
            "icon": "fa-envelope-o",
            "lines": lines,
        }

    # ---- 販売 -------------------------------------------------------------------

    def _glance_purchases(self):
        Purchase = self.env["kokyaku.purchase"]
        if not Purchase.has_access("read"):
            return None
        line = self._glance_line
        domain = self._purchase_domain()
        lines = []
        totals = Purchase._read_group(
            domain, ["currency_id"], ["amount_tax_included:sum", "order_ref:count_distinct"]
        )
        for currency, amount, orders in totals:
            target = ("action_kokyaku_purchases",)
            note = self.env._("%s orders", orders)
            lines.append(line(currency.format(amount), self.env._("In all"), note, target=target))
        last = Purchase
        if totals:
            last = Purchase.search_fetch(
                domain, ["date", "order_id", "order_ref", "product_id", "product_text"], limit=2
            )
            products = last.product_id.sudo()
            products.fetch(["product_tmpl_id"])
            products.product_tmpl_id.fetch(["name"])
            lines.append(line(format_date(self.env, last[0].date), self.env._("Latest")))
        can_open = self.env["sale.order"].has_access("read")
        for row in last:
            target = ("sale.order", row.order_id.id) if can_open and row.order_id else None
            product = row.product_id.sudo().name or row.product_text or row.order_ref
            lines.append(line(product, target=target or ("#kokyaku_sales_history",)))
        return {
            "name": "purchases",
            "title": self.env._("Bought"),
            "icon": "fa-shopping-cart",
            "lines": lines,
            "empty": self.env._("Nothing was bought yet."),
        }

    # ---- 対応 -------------------------------------------------------------------

    def _glance_contacts(self):
        Contact = self.env["kokyaku.contact.history"]
        if not Contact.has_access("read"):
            return None
        line = self._glance_line
        domain = self._contact_domain()
        model = Contact._name
        shown = ["date", "subject", "due_date"]
        waiting = domain & Domain("state", "=", "open")
        to_answer = Contact.search_fetch(waiting, shown, limit=FEW, order="date")
        lines = [
            line(
                contact.subject,
                label=self.env._("To answer"),
                note=contact.due_date and self._glance_day(contact.due_date),
                tone="danger",
                target=(model, contact.id),
            )
            for contact in to_answer
        ]
        for contact in Contact.search_fetch(domain, shown, limit=FEW * 2):
            if contact not in to_answer and len(lines) < FEW + 1:
                day = fields.Datetime.context_timestamp(self, contact.date).date()
                label = self._glance_day(day)
                lines.append(line(contact.subject, label=label, target=(model, contact.id)))
        return {
            "name": "contacts",
            "title": self.env._("Talks"),
            "icon": "fa-comments-o",
            "lines": lines,
            "empty": self.env._("No contact was recorded yet."),
        }

    # ---- これから ------------------------------------------------------------------

    def _glance_next(self):
        line = self._glance_line
        today = office_today(self)
        lines = []
        for activity in self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.id)],
            order="date_deadline, id",
            limit=2,
        ):
            lines.append(
                line(
                    activity.summary or activity.activity_type_id.sudo().name,
                    label=self._glance_day(activity.date_deadline),
                    note=activity.user_id.sudo().name,
                    tone="danger" if activity.date_deadline < today else False,
                    target=("mail.activity", activity.id),
                )
            )
        for event in self.env["calendar.event"].search(
            [("partner_ids", "in", self.ids), ("stop", ">=", fields.Datetime.now())],
            order="start, id",
            limit=2,
        ):
            day = fields.Datetime.context_timestamp(self, event.start).date()
            label = self._glance_day(event.start_date or day)
            lines.append(line(event.name, label=label, target=("calendar.event", event.id)))
        lines += self._glance_birthdays(today)
        return {
            "name": "next",
            "title": self.env._("Coming Up"),
            "icon": "fa-calendar",
            "lines": lines,
            "empty": self.env._("Nothing is planned."),
        }

    def _glance_birthdays(self, today):
        """Birthdays of the person and the family in the next weeks, the nearest first."""
        births = [(self.birthdate, self.env._("Birthday"), None)] if not self.deceased_on else []
        births += [
            (member.birthdate, self.env._("Birthday of %s", member.name), member.relation_id.name)
            for member in self.env["kokyaku.family.member"].search_fetch(
                [("partner_id", "=", self.id)], ["name", "birthdate", "relation_id"]
            )
        ]
        coming = sorted(
            (next_birthday(birth, today), text, relation or "", birth)
            for birth, text, relation in births
            if birth and birth <= today
        )
        return [
            self._glance_line(
                text,
                label=self._glance_day(day),
                note=" ".join(
                    filter(None, (relation, self.env._("(turns %s)", age_on(birth, day))))
                ),
                target=("#kokyaku_home",),
            )
            for day, text, relation, birth in coming
            if day <= today + timedelta(days=AHEAD)
        ][:FEW]
