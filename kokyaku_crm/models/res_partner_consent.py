from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..tools import is_future
from .kokyaku_consent import CHANNELS

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
ADDRESS_FIELDS = ("street", "street2", "zip", "city", "state_id", "country_id")
LOGGED = ("preferred_channel", "deceased_on", "returned_mail", "complaint_open")
LOG_ROWS = 10
DECLINED = "受取辞退の申し出"  # what happened, as it stands in the log: a Japanese office's words


class ResPartner(models.Model):
    """受取可否と状態: what may be sent to a person, and what speaks against it.

    Who may be reached is asked of ``_reach_refusals``, see ``res_partner_reach.py``.
    """

    _inherit = "res.partner"

    consent_ids = fields.One2many("kokyaku.consent", "partner_id", string="Consents", groups=OFFICE)
    consent_log_ids = fields.One2many(
        "kokyaku.consent.log", "partner_id", string="Consent Log", groups=OFFICE
    )
    mourning_ids = fields.One2many(
        "kokyaku.mourning", "partner_id", string="Mournings", groups=OFFICE
    )
    preferred_channel = fields.Selection(CHANNELS, groups=OFFICE)
    deceased_on = fields.Date(string="Deceased", copy=False, groups=OFFICE)
    returned_mail = fields.Date(
        copy=False,
        groups=OFFICE,
        help="When post came back as undeliverable. Cleared by a change of the address or by hand.",
    )
    complaint_open = fields.Boolean(string="Open Complaint", copy=False, groups=OFFICE)
    source_id = fields.Many2one(
        "kokyaku.source", index="btree_not_null", ondelete="restrict", groups=OFFICE
    )
    acquired_on = fields.Date(groups=OFFICE)
    acquired_note = fields.Char(
        string="Where Exactly",
        copy=False,
        groups=OFFICE,
        help="Which exhibition, whose introduction, which list.",
    )
    in_mourning = fields.Boolean(
        compute="_compute_in_mourning", search="_search_in_mourning", groups=OFFICE
    )
    promotion_refused = fields.Boolean(
        string="Declined All Promotion",
        compute="_compute_promotion_refused",
        search="_search_promotion_refused",
        groups=OFFICE,
    )
    reach_state = fields.Char(
        string="Reach",
        compute="_compute_reach_state",
        groups=OFFICE,
        help="What must be known before anything is sent: deceased, in mourning, returned mail, "
        "an open complaint, declined.",
    )

    # ---- States ---------------------------------------------------------------------

    def _compute_in_mourning(self):
        mourning = set(
            self.search([("id", "in", self._origin.ids), ("in_mourning", "=", True)]).ids
        )
        for partner in self:
            partner.in_mourning = partner._origin.id in mourning

    @api.model
    def _search_in_mourning(self, operator, value):
        return self._search_flag(
            operator,
            Domain(
                "id",
                "in",
                SQL(
                    "(SELECT m.partner_id FROM kokyaku_mourning m WHERE %s)",
                    self.env["kokyaku.mourning"]._sql_lasts("m", self._reach_day()),
                ),
            ),
        )

    def _compute_promotion_refused(self):
        refused = set(
            self.search([("id", "in", self._origin.ids), ("promotion_refused", "=", True)]).ids
        )
        for partner in self:
            partner.promotion_refused = partner._origin.id in refused

    @api.model
    def _search_promotion_refused(self, operator, value):
        return self._search_flag(operator, self.env["kokyaku.consent"]._refused_everything_domain())

    @api.model
    def _search_flag(self, operator, domain):
        """Answer a search for a flag that is true where `domain` is."""
        if operator not in ("in", "not in"):
            return NotImplemented
        for model in ("kokyaku.consent", "kokyaku.mourning"):
            self.env[model].flush_model()
        return domain if operator == "in" else ~domain

    @api.depends("deceased_on", "returned_mail", "complaint_open")
    @api.depends_context("lang")
    def _compute_reach_state(self):
        for partner in self:
            states = [
                (partner.deceased_on, self.env._("Deceased")),
                (partner.in_mourning, self.env._("In Mourning")),
                (partner.promotion_refused, self.env._("Declined")),
                (partner.returned_mail, self.env._("Returned Mail")),
                (partner.complaint_open, self.env._("Open Complaint")),
            ]
            partner.reach_state = (
                self.env._(", ").join(text for holds, text in states if holds) or False
            )

    @api.constrains("deceased_on", "returned_mail", "acquired_on")
    def _check_state_dates(self):
        for partner in self:
            for fname in ("deceased_on", "returned_mail", "acquired_on"):
                if partner[fname] and is_future(self, partner[fname]):
                    raise ValidationError(
                        self.env._(
                            "%(name)s: “%(field)s” (%(date)s) lies in the future. Please check "
                            "the year.",
                            name=partner.display_name,
                            field=self._fields[fname]._description_string(self.env),
                            date=fields.Date.to_string(partner[fname]),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(fname) for vals in vals_list for fname in LOGGED):
            self.env["kokyaku.consent.log"]._tell()
        return super().create(vals_list)

    def write(self, vals):
        if any(fname in vals for fname in ADDRESS_FIELDS) and "returned_mail" not in vals:
            self._forget_returned_mail(vals)
        logged = [fname for fname in LOGGED if fname in vals]
        if not logged:
            return super().write(vals)
        self.env["kokyaku.consent.log"]._tell()
        result = super().write(vals)
        self.flush_recordset(logged)  # now, while the database knows who is at work
        return result

    def _update_address(self, vals):
        """A company moves, and its people with it: core writes their address this way."""
        self._forget_returned_mail({f: vals[f] for f in ADDRESS_FIELDS if f in vals})
        return super()._update_address(vals)

    def _forget_returned_mail(self, vals=None):
        """The address changes (to `vals`): what came back from the old one says nothing now."""
        marked = self.sudo().filtered("returned_mail")
        if vals is not None:
            marked = marked.filtered(
                lambda partner: any(
                    (vals[fname] or False)
                    != (partner[fname].id if fname.endswith("_id") else partner[fname])
                    for fname in ADDRESS_FIELDS
                    if fname in vals
                )
            )
        if marked:
            marked.sudo(self.env.su).write({"returned_mail": False})

    # ---- The picture of one person ----------------------------------------------------

    @api.readonly
    def kokyaku_consents(self):
        """Return the whole 受取可否 of one person for its page.

        :return: dict with ``cells`` ("channel/purpose" → state, date, basis, source, and
            ``reason``: why nothing could be sent today, or False), ``addresses`` (channel →
            list of address, kind, blacklisted), ``channels`` and ``purposes`` (code, label),
            ``reasons`` (code → label), ``declined``, ``can_write``, ``log`` (the newest changes
            as texts) and ``log_count``
        """
        self.ensure_one()
        self.check_access("read")
        Consent = self.env["kokyaku.consent"]
        Consent.check_access("read")
        channels = Consent._fields["channel"]._description_selection(self.env)
        purposes = Consent._fields["purpose"]._description_selection(self.env)
        known = {(c.channel, c.purpose): c for c in self.consent_ids}
        refusals = self._reach_everywhere()
        cells = {}
        for channel, _label in channels:
            for purpose, _label in purposes:
                consent = known.get((channel, purpose), Consent)
                cells[f"{channel}/{purpose}"] = {
                    "state": consent.state or "unknown",
                    "date": consent.date,
                    "basis": consent.basis,
                    "source": consent.source,
                    "reason": refusals.get((channel, purpose), False),
                }
        return {
            "cells": cells,
            "channels": channels,
            "purposes": purposes,
            "reasons": self._reach_reasons(),
            "addresses": self._reach_addresses(),
            "declined": self.promotion_refused,
            **self._consent_log_page(),
            "can_write": Consent.has_access("write") and self.has_access("write"),
        }

    def _consent_log_page(self):
        log = self.env["kokyaku.consent.log"]
        domain = [("partner_id", "=", self.id)]
        count = log.search_count(domain)
        return {
            "log_count": count,
            "log": [row._as_texts() for row in log.search(domain, limit=LOG_ROWS)],
        }

    def _reach_addresses(self):
        """What stands behind each channel: address or number, and whether it is blacklisted."""
        emails = email_normalize(self.email) or self.email
        numbers = self._blacklist_numbers()
        stopped = set(
            self.env["phone.blacklist"]
            .sudo()
            .search([("number", "in", list(numbers))])
            .mapped("number")
        )
        home = self.sudo(self.env.su).home_address_ids[:1]
        post = [
            " ".join(filter(None, (p.zip, p.state_id.name, p.city, p.street, p.street2)))
            for p in (self, home)
            if p.street or p.city
        ]
        return {
            "post": [{"text": text} for text in post],
            "email": [{"text": emails, "kind": "email", "blacklisted": self.is_blacklisted}]
            if emails
            else [],
            "phone": [
                {"text": shown, "kind": "phone", "blacklisted": number in stopped}
                for number, shown in numbers.items()
            ]
            + [
                {"text": self[fname]}  # what is no number cannot be blacklisted
                for fname in ("mobile_phone", "phone")
                if self[fname] and self[fname] not in numbers.values()
            ],
            "fax": [{"text": self.fax}] if self.fax else [],
        }

    def _blacklist_numbers(self):
        """Return the numbers of one person as the blacklist keeps them: sanitized → as typed."""
        numbers = {}
        for fname in ("mobile_phone", "phone"):
            number = self[fname] and self._phone_format(fname=fname)
            if number:
                numbers.setdefault(number, self[fname])
        return numbers

    def kokyaku_set_consents(self, changes, basis=None, source=None, date=None):
        """Record what a person said, from the page: `changes` are "channel/purpose" → state."""
        self.ensure_one()
        self.check_access("write")
        Consent = self.env["kokyaku.consent"]
        Consent.check_access("write")
        if date and is_future(self, fields.Date.to_date(date)):
            raise UserError(
                self.env._("The day of a consent cannot lie in the future. Please check the date.")
            )
        by_state = {}
        for cell, state in changes.items():
            channel, _slash, purpose = cell.partition("/")
            by_state.setdefault((purpose, state), []).append(channel)
        for (purpose, state), channels in by_state.items():
            Consent._set_many(self, channels, purpose, state, basis, source, date)
        return True

    def action_decline_promotion(self):
        """受取辞退: nothing promotional any more, on any channel."""
        self.check_access("write")
        channels = [channel for channel, _label in CHANNELS]
        self.env["kokyaku.consent"]._set_many(self, channels, "promotion", "refused", DECLINED)
        return True

    def kokyaku_set_blacklist(self, kind, address, blacklisted):
        """配信停止: put an address or number of this person on core's blacklist, or take it off.

        :param str kind: ``email`` or ``phone``
        """
        self.ensure_one()
        self.check_access("write")
        if kind == "email":
            own = {email_normalize(self.email)}
            address = email_normalize(address)
        else:
            own = set(self._blacklist_numbers())
            address = self._phone_format(number=address)
        if not address or address not in own:
            raise UserError(
                self.env._(
                    "This is no address of %s that can be blacklisted. Please correct it on the "
                    "person first.",
                    self.display_name,
                )
            )
        model = self.env["mail.blacklist" if kind == "email" else "phone.blacklist"].sudo()
        self.env["kokyaku.consent.log"]._tell()
        entry = (model._add if blacklisted else model._remove)(
            address if kind == "email" else [address]
        )
        entry.flush_recordset()  # now, while the database knows who is at work
        self.env["kokyaku.consent.log"].invalidate_model()
        self.invalidate_recordset(
            ["is_blacklisted", "phone_blacklisted", "phone_sanitized_blacklisted"]
        )
        return True
