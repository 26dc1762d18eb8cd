from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

EMAIL = SQL("lower(COALESCE(p.email_normalized, TRIM(p.email)))")  # of a person `p`


class KokyakuSelectionExecution(models.Model):
    """不達: mails that came back propose to mark their addresses as unreachable."""

    _inherit = "kokyaku.selection.execution"

    mail_returned_count = fields.Integer(
        string="E-Mails That Came Back",
        compute="_compute_mail_returned_count",
        help="Those for whom no answer is entered yet.",
    )

    def _compute_mail_returned_count(self):
        found = self.env["kokyaku.execution.line"]._read_group(
            self._returned_domain(), ["execution_id"], ["__count"]
        )
        numbers = {execution.id: number for execution, number in found}
        for execution in self:
            execution.mail_returned_count = numbers.get(execution._origin.id, 0)

    def _returned_domain(self):
        return [
            ("execution_id", "in", self._origin.filtered(lambda e: e.channel == "email").ids),
            ("response_type_id", "=", False),
            ("mail_returned_at", "!=", False),
        ]

    def action_returned_mails(self):
        """Look at those whose mail came back."""
        self.ensure_one()
        lines = self.env["kokyaku.execution.line"].search(self._returned_domain())
        return self._with_mail_columns(
            self._open_lines(self.env._("E-Mail Came Back"), Domain("id", "in", lines.ids))
        )

    def action_enter_returned_mails(self):
        """Enter the answer “address unknown” for all whose mail came back; their address counts
        as unreachable from then on, until it is changed."""
        self.ensure_one()
        kind = self.env["kokyaku.response.type"].search([("is_returned", "=", True)], limit=1)
        if not kind:
            raise UserError(
                self.env._(
                    "There is no kind of answer for post that came back. Please add one to the "
                    "kinds of answers."
                )
            )
        lines = self.env["kokyaku.execution.line"].search(self._returned_domain())
        said = self._respond_rows(
            [
                (line.id, kind.id, line._office_day(line.mail_returned_at), 0, None)
                for line in lines
            ],
            "auto",
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Entered as unreachable: %s people.", len(said)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _mark_returned(self, line_ids):
        """Of an e-mail it is the address on the line that is unreachable, as long as the person
        has no other one since."""
        super()._mark_returned(line_ids)
        if not line_ids or self.channel != "email":
            return
        self.env["res.partner"].flush_model(["email", "email_normalized", "returned_email"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner p
                   SET returned_email = %(email)s, returned_email_on = l.response_date,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM kokyaku_execution_line l
                  JOIN kokyaku_response_type r ON r.id = l.response_type_id AND r.is_returned
                 WHERE l.id = ANY(%(lines)s) AND p.id = l.partner_id
                   AND position(%(email)s in lower(l.contact_text)) > 0
                   AND p.returned_email IS DISTINCT FROM %(email)s
                """,
                email=EMAIL,
                lines=line_ids,
                uid=self.env.uid,
            )
        )
        self.env["res.partner"].invalidate_model()

    def _forget_returned(self, marked):
        super()._forget_returned(marked)
        if not marked or self.channel != "email":
            return
        self.env["res.partner"].flush_model(["returned_email"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner p
                   SET returned_email = NULL, returned_email_on = NULL, write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM unnest(%(people)s::int[], %(days)s::date[]) AS m(id, day)
                 WHERE p.id = m.id AND p.returned_email_on = m.day
                """,
                people=[partner for partner, _day in marked],
                days=[day for _partner, day in marked],
                uid=self.env.uid,
            )
        )
        self.env["res.partner"].invalidate_model()


class ResPartner(models.Model):
    """An address that mails come back from: it counts until the person has another one."""

    _inherit = "res.partner"

    returned_email = fields.Char(
        string="Address That Came Back", readonly=True, copy=False, groups="base.group_user"
    )
    returned_email_on = fields.Date(
        string="E-Mail Came Back On", readonly=True, copy=False, groups="base.group_user"
    )
    email_returned = fields.Boolean(
        string="E-Mail Unreachable",
        compute="_compute_email_returned",
        search="_search_email_returned",
        groups="base.group_user",
        help="A mail came back from this address. Cleared by a change of the address or by hand.",
    )

    @api.depends("email", "email_normalized", "returned_email")
    def _compute_email_returned(self):
        for partner in self:
            own = (partner.email_normalized or (partner.email or "").strip()).lower()
            partner.email_returned = bool(own) and partner.sudo().returned_email == own

    def _search_email_returned(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["email", "email_normalized", "returned_email"])
        domain = Domain(
            "id", "in", SQL("(SELECT p.id FROM res_partner p WHERE p.returned_email = %s)", EMAIL)
        )
        return domain if True in value else ~domain

    # Depends on nothing of ours: uninstalling would take the field of kokyaku_crm along, as
    # core drops the copies that ``res.users`` inherits of whatever depends on a dropped field.
    @api.depends("email", "email_normalized")
    def _compute_reach_state(self):
        result = super()._compute_reach_state()
        for partner in self.filtered("email_returned"):
            said = [partner.reach_state, self.env._("E-Mail Unreachable")]
            partner.reach_state = self.env._(", ").join(filter(None, said))
        return result

    def action_email_works(self):
        """The address works again: a full mailbox, a server that was down."""
        self.check_access("write")
        self.write({"returned_email": False, "returned_email_on": False})
        self.invalidate_recordset(["reach_state"])

    @api.model
    def _reach_conditions(self, channel, purpose, on=None):
        conditions = super()._reach_conditions(channel, purpose, on)
        if channel == "email":
            conditions.append(("returned_email", SQL("p.returned_email = %s", EMAIL)))
        return conditions

    @api.model
    def _reach_reasons(self):
        return {**super()._reach_reasons(), "returned_email": self.env._("E-Mail Unreachable")}
