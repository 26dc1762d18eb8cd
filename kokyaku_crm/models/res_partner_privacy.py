import html

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .kokyaku_purchase import ADDRESS_TYPES

# What is no trait of a person, or what the figures need: the company behind (``parent_id``),
# the prefecture, the staff in charge, and Odoo's own columns.
KEPT = {"name", "complete_name", "type", "lang", "tz", "create_date", "write_date"}
CLEARED_TYPES = ("char", "text", "html", "date", "datetime", "selection", "json", "properties")
CLEARED_LINKS = ("kokyaku.", "res.partner", "res.partner.industry")
KEPT_LINKS = {"parent_id", "commercial_partner_id"}
PERSONAL_LISTS = {  # whole rows go
    "kokyaku.home.address",
    "kokyaku.family.member",
    "kokyaku.affiliation",
    "kokyaku.bulk.edit.change",
    "kokyaku.change.request",
    "kokyaku.mourning",
    "kokyaku.import.person",
    "kokyaku.import.candidate",
}
EMPTIED_LISTS = {  # the rows stay for the figures, their texts go
    "kokyaku.contact.history",
    "kokyaku.consent",
    "kokyaku.consent.log",
}


class ResPartner(models.Model):
    """消去: erase a person and keep the figures.

    Orders, invoices and metrics go on counting for 「消去済 #id」. How it works: the columns of
    the person and of their addresses are emptied by one UPDATE, what hangs on them is deleted
    or emptied, and what was copied elsewhere is replaced (``res_partner_privacy_copies``).
    Statements, not writes: nothing may be tracked, mailed or synchronised.
    """

    _inherit = "res.partner"

    # ---- May it be? -----------------------------------------------------------------

    def _check_erase(self):
        """Refuse to erase who must not be erased; the message says what to do first."""
        self.ensure_one()
        if not self.env.user.has_group("kokyaku_crm.group_manager"):
            raise AccessError(self.env._("Only managers can erase a person."))
        self.check_access("write")
        partner = self.sudo().with_context(active_test=False)
        name = partner.display_name
        if self.env["res.company"].sudo().search_count([("partner_id", "=", self.id)], limit=1):
            raise UserError(self.env._("%s is our own company and cannot be erased.", name))
        if partner.user_ids.filtered(lambda user: not user.share):
            raise UserError(
                self.env._(
                    "%s is one of our own users and cannot be erased. Archive the user instead.",
                    name,
                )
            )
        if self._is_erased():
            raise UserError(self.env._("%s was erased already.", name))
        people = partner.child_ids.filtered(lambda child: child.type not in ADDRESS_TYPES)
        if people:
            raise UserError(
                self.env._(
                    "%(name)s has %(count)s people of its own (%(first)s …). Erase them or move "
                    "them to another company first.",
                    name=name,
                    count=len(people),
                    first=people[0].name,
                )
            )
        unpaid = (
            self.env["account.move"]
            .sudo()
            .search_count(
                Domain("state", "=", "posted")
                & Domain("amount_residual", "!=", 0)
                & Domain(
                    "move_type", "in", ("out_invoice", "out_refund", "in_invoice", "in_refund")
                )
                & (Domain("partner_id", "=", self.id) | Domain("person_id", "=", self.id))
            )
        )
        if unpaid:
            raise UserError(
                self.env._(
                    "%(name)s has %(count)s unpaid invoices. Settle them first: afterwards nobody "
                    "can tell who owes.",
                    name=name,
                    count=unpaid,
                )
            )

    def _erased_name(self):
        return f"消去済 #{self.id}"

    def _is_erased(self):
        return self.sudo().name == self._erased_name()

    def _erase_summary(self):
        """Return (what goes, what stays) of one person as two lists of texts (hook)."""
        self.ensure_one()
        partner = self.sudo().with_context(active_test=False)
        addresses = partner._with_addresses() - partner
        goes = [
            self.env._("Name, reading, date of birth, phones, e-mail, addresses, codes and notes"),
            self.env._("Home, family, affiliations and mournings"),
            self.env._("%s further addresses", len(addresses)),
            self.env._("The texts of %s contacts", len(partner.contact_history_ids)),
            self.env._("%s messages and files on the person", self._erase_messages_count()),
            self.env._("Basis and evidence of the consents"),
            self.env._("The portal account") if partner.user_ids else "",
            self.env._("The name on orders, invoices, meetings and in messages about them"),
        ]
        orders = (
            self.env["sale.order"]
            .sudo()
            .search_count(
                Domain("partner_id", "in", (partner | addresses).ids)
                | Domain("person_id", "in", (partner | addresses).ids)
            )
        )
        stays = [
            self.env._(
                "%(orders)s orders with their figures, as of “%(name)s”",
                orders=orders,
                name=self._erased_name(),
            ),
            self.env._(
                "Invoices that were issued, with their PDF files, as the law wants them kept"
            ),
            self.env._("Prefecture, company and staff in charge, for the statistics"),
            self.env._("Entries of the blacklists, so that nobody is written to again by mistake"),
            self.env._("A line in the privacy log, without the name"),
        ]
        return [text for text in goes if text], stays

    def _erase_messages_count(self):
        domain = [("model", "=", self._name), ("res_id", "=", self.id)]
        files = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return self.env["mail.message"].sudo().search_count(domain) + self.env[
            "ir.attachment"
        ].sudo().search_count(files)

    # ---- Erasing ----------------------------------------------------------------------

    def _erase(self, reason):
        """Erase one person for good; managers only. Nothing is half done: one transaction."""
        self._check_erase()
        self.env.flush_all()
        person = self.sudo().with_context(active_test=False, tracking_disable=True)
        everyone = person._with_addresses()
        traces = everyone._erase_traces()
        self.env["kokyaku.consent.log"]._tell("erase")
        everyone._erase_related()
        self.env.flush_all()
        for partner in everyone:
            partner._erase_columns()
        everyone._erase_copies(traces, self._erased_name())
        self.env.invalidate_all()
        below = self.env["res.partner"].sudo().with_context(active_test=False)
        below = below.search([("id", "child_of", everyone.ids)])
        self.env.add_to_compute(self._fields["complete_name"], below)
        self.env.flush_all()
        self.env["kokyaku.privacy.log"].sudo().create(
            {
                "kind": "erasure",
                "partner_id": self.id,
                "number": f"#{self.id}",
                "user_id": self.env.uid,
                "reason": reason,
            }
        )

    def _erase_traces(self):
        """Return the texts by which someone can be told in copies: names, numbers, addresses.

        The longest first, so that a part never breaks a whole. Too short ones are left out:
        they would be found in texts about others (hook).
        """
        names, others = set(), set()
        for partner in self:
            home = partner.home_address_ids
            belongs = partner.affiliation_ids
            parts = [part for part in (partner.family_name, partner.given_name) if part]
            words = (partner.name or "").split()
            names |= {partner.name, partner.kana, *("".join(p) for p in (parts, words))}
            names |= {"\u3000".join(part) for part in (parts, words)}
            others |= {
                partner.email, partner.email_normalized, partner.phone, partner.mobile_phone,
                partner.fax, partner.phone_sanitized, partner.street, partner.member_number,
                partner.vat, *home.mapped("phone"), *home.mapped("street"),
                *belongs.mapped("phone"), *belongs.mapped("email"),
                *partner.user_ids.mapped("login"),
            }  # fmt: skip
        others -= set((self.parent_id - self).mapped("street"))  # the company's, not theirs
        texts = {name for name in names if name and len(name) > (4 if name.isascii() else 1)}
        texts |= {text for text in others if text and len(text) > 5}
        texts |= {html.escape(text) for text in texts}
        return sorted(texts, key=lambda text: (-len(text), text))

    def _erase_values(self):
        """Return {column: value} of what one UPDATE writes on the person (hook)."""
        self.ensure_one()
        values = {}
        for name, field in self._fields.items():
            if not field.store or not field.column_type or field.required or name in KEPT:
                continue
            if field.type == "many2one":
                link = name not in KEPT_LINKS and field.comodel_name.startswith(CLEARED_LINKS)
                if link:
                    values[name] = None
            elif field.type in CLEARED_TYPES and (not field.company_dependent or name == "barcode"):
                values[name] = None
        if self.parent_id and self.parent_id != self:
            values.pop("commercial_company_name", None)
        values.update(active=False, complaint_open=None, name_split_unsure=None)
        if self.type not in ADDRESS_TYPES:
            values["name"] = values["complete_name"] = self._erased_name()
        else:
            values["name"] = values["complete_name"] = None
        return values

    def _erase_columns(self):
        values = self._erase_values()
        values["write_uid"] = self.env.uid
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()
                ),
                self.id,
            )
        )

    def _erase_related(self):
        """Delete or empty what hangs on these partners (hook)."""
        for name in PERSONAL_LISTS:
            self._erase_execute(
                SQL("DELETE FROM %s", SQL.identifier(self.env[name]._table)), "partner_id"
            )
        for name in EMPTIED_LISTS:
            self._erase_texts(name)
        for field in self._fields.values():
            if (
                field.type == "many2many"
                and field.store
                and field.comodel_name.startswith(("kokyaku.", "res.partner.category"))
            ):
                self._erase_execute(
                    SQL("DELETE FROM %s", SQL.identifier(field.relation)), field.column1
                )
        self._erase_images_and_messages()
        self._erase_accounts()

    def _erase_execute(self, statement, column):
        self.env.cr.execute(
            SQL("%s WHERE %s = ANY(%s)", statement, SQL.identifier(column), self.ids)
        )

    def _erase_texts(self, model_name, column="partner_id"):
        """Empty the texts of the rows of a model that belong to these partners; a required
        one says that it was erased."""
        model = self.env[model_name]
        values = {
            name: "消去済" if field.required else None
            for name, field in model._fields.items()
            if field.store and field.column_type and field.type in ("char", "text", "html")
        }
        if model_name == "kokyaku.consent.log":
            values.pop("old"), values.pop("new")  # the words of the choices, no texts
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items()
        )
        self._erase_execute(
            SQL("UPDATE %s SET %s", SQL.identifier(model._table), assignments), column
        )
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", model_name),
                    ("res_id", "in", model.sudo().search([(column, "in", self.ids)]).ids),
                ]
            )
        )
        attachments.unlink()

    def _erase_images_and_messages(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        files = self.env["ir.attachment"].sudo()
        files.search([*domain, ("res_field", "in", [False, *self._fields])]).unlink()
        self.env["mail.activity"].sudo().with_context(active_test=False).search(domain).unlink()
        self.env["mail.message"].sudo().search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        followers = self.env["mail.followers"].sudo()
        followers.search(["|", ("partner_id", "in", self.ids), "&", *domain]).unlink()
        self.env["ir.model.data"].sudo().search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("module", "in", ("__import__", "__export__")),
            ]
        ).unlink()

    def _erase_accounts(self):
        """End the portal access; bank accounts lose number and holder."""
        # By statement: a write would mail "your login was changed" to the old address.
        self.env.cr.execute(
            """UPDATE res_users
                  SET active = FALSE, login = 'erased-' || id, password = NULL, signature = NULL
                WHERE partner_id = ANY(%s)""",
            [self.ids],
        )
        self.env["res.users.apikeys"].sudo().search([("user_id", "in", self.user_ids.ids)]).unlink()
        self.env.registry.clear_cache()  # sessions and logins are looked up in it
        for bank in (
            self.env["res.partner.bank"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids)])
        ):
            number = f"erased-{bank.id}"
            self.env.cr.execute(
                SQL(
                    """UPDATE res_partner_bank
                          SET acc_number = %s, sanitized_acc_number = %s, acc_holder_name = NULL,
                              active = FALSE
                        WHERE id = %s""",
                    number,
                    number.replace("-", "").upper(),
                    bank.id,
                )
            )
