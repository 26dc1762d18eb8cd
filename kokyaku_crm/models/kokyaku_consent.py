from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import office_today
from .kokyaku_selection_type import PURPOSES

CHANNELS = [
    ("post", "Post"),
    ("email", "E-Mail"),
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("fax", "Fax"),
    ("visit", "Visit"),
]
CONSENT_STATES = [("allowed", "Allowed"), ("refused", "Refused"), ("unknown", "Unknown")]
# Promotion on these needs a yes on record (特定電子メール法, 特定商取引法).
OPT_IN_CHANNELS = ("email", "sms", "fax")


class KokyakuConsent(models.Model):
    """受取可否: what a person wants to receive, per channel and purpose, and on what basis.

    No row is the same as ``unknown``. Every change is logged by the database, see
    ``kokyaku.consent.log``.
    """

    _name = "kokyaku.consent"
    _description = "Consent"
    _order = "partner_id, channel, purpose"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(CHANNELS, required=True)
    purpose = fields.Selection(PURPOSES, required=True)
    state = fields.Selection(CONSENT_STATES, required=True, default="unknown")
    basis = fields.Char(help="On what ground: form, spoken, contract, business card …")
    date = fields.Date(default=fields.Date.context_today)
    source = fields.Char(
        string="Evidence", help="Where it can be proved: file, page, who heard it."
    )

    _one_per_channel = models.Constraint(
        "UNIQUE(partner_id, channel, purpose)",
        "There is an entry for this channel and purpose already.",
    )

    @api.depends("channel", "purpose", "state")
    def _compute_display_name(self):
        labels = [
            dict(self._fields[fname]._description_selection(self.env))
            for fname in ("channel", "purpose", "state")
        ]
        for consent in self:
            values = (consent.channel, consent.purpose, consent.state)
            consent.display_name = " / ".join(
                texts.get(value, "") for texts, value in zip(labels, values, strict=True)
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["kokyaku.consent.log"]._tell()
        return super().create(vals_list)

    def write(self, vals):
        self.env["kokyaku.consent.log"]._tell()
        result = super().write(vals)
        self.flush_recordset()  # now, while the database knows who is at work
        return result

    def unlink(self):
        self.env["kokyaku.consent.log"]._tell()
        return super().unlink()

    @api.model
    def _set_many(
        self, partners, channel, purpose, state, basis=None, source=None, date=None, screen=None
    ):
        """Set one cell of the 受取可否 of any number of people, in one statement.

        The caller answers for the people: access to the model is checked here, whether the
        user may write each of them is not. The log follows by itself.

        :param partners: a recordset, a list of ids, or an ``SQL`` SELECT of ids
        :param channel: one of ``CHANNELS``, or a list of them
        :param purpose: one of ``PURPOSES``, or a list of them
        :param state: ``allowed``, ``refused`` or ``unknown``
        :param basis: on what ground; None leaves the basis of those who have that state already
        :param source: where it can be proved; None likewise
        :param date: the day it was said; None: today
        :param screen: what the log names as the screen, see ``kokyaku.consent.log``
        :return: number of entries that were new or changed
        """
        if not self.env.su and not self.has_access("write"):
            raise AccessError(self.env._("You may not change what people want to receive."))
        channels = self._codes("channel", channel)
        purposes = self._codes("purpose", purpose)
        [state] = self._codes("state", state)
        if isinstance(partners, models.BaseModel):
            partners = partners.ids
        if not isinstance(partners, SQL):
            partners = SQL("SELECT unnest(%s::int[])", list(partners))
        self.env["kokyaku.consent.log"]._tell(screen)
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO kokyaku_consent AS consent
                       (partner_id, channel, purpose, state, basis, source, date,
                        create_uid, write_uid, create_date, write_date)
                SELECT person.id, channel, purpose, %(state)s, %(basis)s, %(source)s, %(date)s,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (SELECT DISTINCT id FROM (%(partners)s) AS chosen (id)) AS person,
                       unnest(%(channels)s) AS channel, unnest(%(purposes)s) AS purpose
                 WHERE %(state)s <> 'unknown'
                    OR EXISTS (SELECT FROM kokyaku_consent known
                                WHERE known.partner_id = person.id
                                  AND known.channel = channel.channel
                                  AND known.purpose = purpose.purpose)
                ON CONFLICT (partner_id, channel, purpose) DO UPDATE
                   SET state = excluded.state, date = excluded.date,
                       basis = CASE WHEN consent.state = excluded.state
                                    THEN COALESCE(excluded.basis, consent.basis)
                                    ELSE excluded.basis END,
                       source = CASE WHEN consent.state = excluded.state
                                     THEN COALESCE(excluded.source, consent.source)
                                     ELSE excluded.source END,
                       write_uid = excluded.write_uid, write_date = excluded.write_date
                 WHERE consent.state <> excluded.state
                    OR consent.basis IS DISTINCT FROM COALESCE(excluded.basis, consent.basis)
                    OR consent.source IS DISTINCT FROM COALESCE(excluded.source, consent.source)
                RETURNING 1
                """,
                partners=partners,
                channels=channels,
                purposes=purposes,
                state=state,
                basis=basis or None,
                source=source or None,
                date=fields.Date.to_date(date) or office_today(self),
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
        self.env["res.partner"].invalidate_model(["consent_ids", "consent_log_ids"])
        return len(rows)

    def _codes(self, fname, values):
        """Return `values` (one or several) as a list, all of them codes of the field."""
        values = [values] if isinstance(values, str) else list(values)
        known = dict(self._fields[fname].selection)
        for value in values:
            if value not in known:
                raise UserError(
                    self.env._(
                        "“%(value)s” is not known as %(field)s. Use one of: %(known)s.",
                        value=value,
                        field=self._fields[fname]._description_string(self.env),
                        known=", ".join(known),
                    )
                )
        return values

    @api.model
    def _refused_everything_domain(self):
        """Domain of persons who refuse promotion on every channel (受取辞退)."""
        return Domain(
            "id",
            "in",
            SQL(
                """(SELECT partner_id FROM kokyaku_consent
                     WHERE purpose = 'promotion' AND state = 'refused'
                     GROUP BY partner_id HAVING count(*) = %s)""",
                len(CHANNELS),
            ),
        )
