from odoo import models
from odoo.tools import format_amount, format_date, format_datetime, html2plaintext

from .record_text import disclosable, field_text, record_table

FIRST = (
    "name kana honorific gender birthdate ref member_number parent_id company_name function "
    "zip state_id city street street2 country_id phone mobile_phone fax email website"
).split()
HIDDEN_LISTS = {"affiliated_ids", "referred_ids"}  # data of other people


class ResPartner(models.Model):
    """開示: everything we hold on one person, as text."""

    _inherit = "res.partner"

    def _disclosure_sections(self):
        """Return everything we hold on one person: a list of (title, rows).

        A row is a tuple of texts. Rows of two are label and value; in a list of longer rows
        the first one is the header. Called with the rights of the system, in the user's
        language. Stored fields and the lists of our own models are in it by themselves;
        add-ons with data elsewhere append their sections (hook).
        """
        self.ensure_one()
        person = self.with_context(kokyaku_all_slots=True, active_test=False)
        sections = [(self.env._("Person"), person._disclosure_fields())]
        for name, field in person._fields.items():
            ours = field.type == "one2many" and (field.comodel_name or "").startswith("kokyaku.")
            if ours and name not in HIDDEN_LISTS and person[name]:
                title = field._description_string(self.env)
                sections.append((title, record_table(person[name])))
        sections.append((self.env._("Addresses"), person._disclosure_addresses()))
        sections.append((self.env._("Blacklists"), person._disclosure_blacklists()))
        sections += person._disclosure_purchases()
        sections.append((self.env._("Messages and Files"), person._disclosure_messages()))
        sections.append((self.env._("Portal Account"), person._disclosure_account()))
        return [(title, rows) for title, rows in sections if rows]

    # ---- Parts ------------------------------------------------------------------------

    def _disclosure_fields(self):
        names = [name for name in FIRST if name in self._fields]
        names += [n for n in disclosable(self) if n not in names]
        rows = []
        for name in names:
            text = field_text(self, name)
            if text:
                rows.append((self._disclosure_label(name), text))
        return rows

    def _disclosure_label(self, name):
        """The label of a field; of a user-defined one, what the office calls it."""
        if name == "name":
            return self.env._("Full Name")
        kind, _under, slot = name.removesuffix("_id").rpartition("_")
        if kind in ("user_code", "user_name"):
            label = (
                self.env[f"kokyaku.{kind.replace('_', '.')}"]
                .with_context(active_test=False)
                .search([("model", "=", "res.partner"), ("slot", "=", slot)], limit=1)
            )
            if label:
                return label.name
        return self.fields_get([name], ["string"])[name]["string"]

    def _disclosure_addresses(self):
        children = self.child_ids.filtered(lambda c: c.type in ("invoice", "delivery", "other"))
        return record_table(
            children,
            ["name", "type", "zip", "state_id", "city", "street", "street2", "phone", "email"],
        )

    def _disclosure_blacklists(self):
        rows = []
        if self.is_blacklisted:
            rows.append((self.env._("E-Mail Blacklist"), self.email_normalized))
        for entry in self.env["phone.blacklist"].search(
            [("number", "in", list(self._blacklist_numbers())), ("active", "=", True)]
        ):
            rows.append((self.env._("Phone Blacklist"), entry.number))
        return rows

    def _disclosure_purchases(self):
        purchases = self.env["kokyaku.purchase"].search(
            [("partner_id", "=", self.id), ("company_id", "in", self.env.companies.ids)]
        )
        if not purchases:
            return []
        days = purchases.mapped("date")
        summary = [
            (self.env._("Orders"), str(len(set(purchases.mapped("order_ref"))))),
            (self.env._("First Purchase"), format_date(self.env, min(days))),
            (self.env._("Last Purchase"), format_date(self.env, max(days))),
        ]
        for currency, lines in purchases.grouped("currency_id").items():
            total = format_amount(self.env, sum(lines.mapped("amount_tax_included")), currency)
            summary.append((self.env._("Total (Tax Included)"), total))
        table = record_table(
            purchases,
            [
                "date", "order_ref", "product_id", "product_text", "quantity",
                "amount_tax_included", "user_id",
            ],  # fmt: skip
        )
        return [
            (self.env._("Purchases: Summary"), summary),
            (self.env._("Purchases"), table),
        ]

    def _disclosure_messages(self):
        domain = [("model", "=", self._name), ("res_id", "=", self.id)]
        rows = []
        for message in self.env["mail.message"].search(domain):
            text = html2plaintext(message.body or "").strip() or message.subject
            if text:
                rows.append(
                    (format_datetime(self.env, message.date), message.author_id.name or "", text)
                )
        for file in self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        ):
            rows.append(
                (format_datetime(self.env, file.create_date), self.env._("File"), file.name)
            )
        header = (self.env._("Date"), self.env._("Written By"), self.env._("Text"))
        return rows and [header, *rows]

    def _disclosure_account(self):
        return [
            (
                user.login,
                user.login_date and format_datetime(self.env, user.login_date) or "–",
            )
            for user in self.with_context(active_test=False).user_ids
        ]
