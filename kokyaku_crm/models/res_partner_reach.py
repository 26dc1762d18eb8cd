from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import office_today
from .kokyaku_consent import CHANNELS, OPT_IN_CHANNELS
from .kokyaku_selection_type import PURPOSES

# In this order: the first that holds is given. Their labels: ``_reach_reasons``.
REACH_REASONS = (
    "deceased",
    "refused",
    "blacklisted",
    "no_basis",
    "mourning",
    "complaint",
    "returned",
    "no_address",
    "no_email",
    "no_phone",
    "no_fax",
)


class ResPartner(models.Model):
    """Who may not be reached, and why: asked before anything is sent (design rules 13, 16).

    How to use: ``partners._reach_refusals("post", "greeting", on=new_year)`` for records,
    ``_reach_sql`` inside a statement of one's own. Whoever is not in the answer may be
    reached. Of several reasons the first of ``REACH_REASONS`` is given.

    How it works: one statement for any number of people; the unique index of the consents,
    the blacklists and mournings as hashed subselects.

    The rules: post, greetings and business are allowed until someone says no; promotion by
    e-mail, SMS and fax needs a yes with its basis. A no holds for its channel and purpose
    only. A blacklisted address counts as a no to promotion and greetings, not to business.
    """

    _inherit = "res.partner"

    def _reach_refusals(self, channel, purpose, on=None):
        """Return {partner id: reason code} of those who may not be reached.

        :param str channel: post, email, phone, sms, fax, visit
        :param str purpose: promotion, greeting, business
        :param on: the day it arrives; None: today
        """
        if not self.ids:
            return {}
        partners = SQL("SELECT unnest(%s::int[])", self.ids)
        return dict(self.env.execute_query(self._reach_sql(channel, purpose, on, partners)))

    @api.model
    def _reach_sql(self, channel, purpose, on=None, partners=None, without=()):
        """Return a SELECT of (partner_id, reason): who may not be reached, and why.

        What it reads is flushed. It restricts neither company nor visibility: `partners`
        does.

        :param SQL partners: a SELECT of partner ids; None: everybody
        :param without: reasons that do not count: a gift is sent in mourning as well
        """
        if channel not in dict(CHANNELS) or purpose not in dict(PURPOSES):
            raise ValueError(f"unknown channel or purpose: {channel} {purpose}")
        for model in ("res.partner", "kokyaku.consent", "kokyaku.mourning"):
            self.env[model].flush_model()
        for model in ("mail.blacklist", "phone.blacklist", "kokyaku.home.address"):
            self.env[model].flush_model()
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, reason)
            for reason, condition in self._reach_conditions(channel, purpose, on)
            if reason not in without
        )
        return SQL(
            """
            SELECT reached.partner_id, reached.reason
              FROM (SELECT p.id AS partner_id, CASE %(cases)s END AS reason
                      FROM res_partner p
                      LEFT JOIN kokyaku_consent c
                             ON c.partner_id = p.id AND c.channel = %(channel)s
                            AND c.purpose = %(purpose)s
                     WHERE %(chosen)s) AS reached
             WHERE reached.reason IS NOT NULL
            """,
            cases=cases,
            channel=channel,
            purpose=purpose,
            chosen=SQL("p.id IN (%s)", partners) if partners is not None else SQL("TRUE"),
        )

    @api.model
    def _reach_conditions(self, channel, purpose, on=None):
        """Return [(reason, SQL condition)] in order, over p (person) and c (consent) (hook)."""
        conditions = [("deceased", SQL("p.deceased_on IS NOT NULL"))]
        conditions.append(("refused", SQL("c.state = 'refused'")))
        if purpose != "business" and channel in ("email", "phone", "sms"):
            conditions.append(("blacklisted", self._reach_blacklisted(channel)))
        if purpose == "promotion" and channel in OPT_IN_CHANNELS:
            conditions.append(
                (
                    "no_basis",
                    SQL("(c.state IS DISTINCT FROM 'allowed' OR COALESCE(TRIM(c.basis), '') = '')"),
                )
            )
        if purpose == "greeting":
            forbids = self.env["kokyaku.mourning"]._sql_forbids("m", self._reach_day(on))
            conditions.append(
                (
                    "mourning",
                    SQL("p.id IN (SELECT m.partner_id FROM kokyaku_mourning m WHERE %s)", forbids),
                )
            )
        if purpose == "promotion":
            conditions.append(("complaint", SQL("p.complaint_open")))
        if channel == "post":
            conditions.append(("returned", SQL("p.returned_mail IS NOT NULL")))
        missing = {
            "post": (
                "no_address",
                """COALESCE(p.street, '') = '' AND COALESCE(p.city, '') = ''
                   AND p.id NOT IN (SELECT h.partner_id FROM kokyaku_home_address h
                                     WHERE COALESCE(h.street, '') <> ''
                                        OR COALESCE(h.city, '') <> '')""",
            ),
            "email": ("no_email", "COALESCE(TRIM(p.email), '') = ''"),
            "phone": (
                "no_phone",
                """COALESCE(TRIM(p.phone), '') = '' AND COALESCE(TRIM(p.mobile_phone), '') = ''
                   AND p.id NOT IN (SELECT h.partner_id FROM kokyaku_home_address h
                                     WHERE COALESCE(h.phone, '') <> '')""",
            ),
            "sms": (
                "no_phone",
                "COALESCE(TRIM(p.phone), '') = '' AND COALESCE(TRIM(p.mobile_phone), '') = ''",
            ),
            "fax": ("no_fax", "COALESCE(TRIM(p.fax), '') = ''"),
        }
        if channel in missing:
            reason, condition = missing[channel]
            conditions.append((reason, SQL(condition)))
        return conditions

    @api.model
    def _reach_blacklisted(self, channel):
        """SQL condition: an address of the person on this channel is on core's blacklist.

        E-mail and SMS: the one core would send to. Phone: any of the two, because someone
        who was told not to be called is not called on the other number either.
        """
        if channel == "email":
            return SQL(
                """p.email_normalized IN (SELECT b.email FROM mail_blacklist b
                                           WHERE b.active)"""
            )
        stopped = SQL("(SELECT b.number FROM phone_blacklist b WHERE b.active)")
        numbers = [SQL("p.phone_sanitized")]
        if channel == "phone":
            numbers += [_sanitized_in_japan("phone"), _sanitized_in_japan("mobile_phone")]
        return SQL("(%s)", SQL(" OR ").join(SQL("%s IN %s", n, stopped) for n in numbers))

    @api.model
    def _reach_day(self, on=None):
        """The day something arrives as SQL: `on`, else the user's today."""
        return SQL("%s::date", fields.Date.to_date(on) or office_today(self))

    def _reach_everywhere(self):
        """Return {(channel, purpose): reason} of one person today, in one statement."""
        partner = SQL("SELECT %s", self.id)
        parts = [
            SQL(
                "SELECT %s, %s, r.reason FROM (%s) AS r",
                channel,
                purpose,
                self._reach_sql(channel, purpose, None, partner),
            )
            for channel, _label in CHANNELS
            for purpose, _label in PURPOSES
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return {(channel, purpose): reason for channel, purpose, reason in rows}

    @api.model
    def _reach_reasons(self):
        """Return the reasons in the user's language: code → label."""
        return {
            "deceased": self.env._("Deceased"),
            "refused": self.env._("Refused"),
            "blacklisted": self.env._("Blacklisted"),
            "no_basis": self.env._("No consent on record"),
            "mourning": self.env._("In Mourning"),
            "complaint": self.env._("Open Complaint"),
            "returned": self.env._("Returned Mail"),
            "no_address": self.env._("No Address"),
            "no_email": self.env._("No E-Mail"),
            "no_phone": self.env._("No Phone"),
            "no_fax": self.env._("No Fax"),
        }


def _sanitized_in_japan(column):
    """SQL: a number as the blacklist writes it, 03-1234-5678 → +81312345678. The regular
    expression is for numbers as typed; full-width digits are Postgres' affair as well."""
    digits = SQL(
        "regexp_replace(translate(%s, '０１２３４５６７８９＋', '0123456789+'),"
        " '[^0-9+]', '', 'g')",
        SQL.identifier("p", column),
    )
    return SQL("regexp_replace(%s, '^0', '+81')", digits)
