from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class KokyakuSelectionExecution(models.Model):
    """遅れて追加: a locked set takes one person more, into what was prepared for it."""

    _inherit = "kokyaku.selection.execution"

    def _add_late(self, partners, reason, asked_by=None):
        """Take people into the locked set and into this execution; they are printed and
        executed alone.

        :param partners: ``res.partner`` records the user may see
        :param str reason: why they come late
        :param asked_by: ``res.users`` record
        :return: the lines of these people
        """
        self.ensure_one()
        self.check_access("write")
        partners.check_access("read")
        self._lock()
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        self.set_id._check_state("confirmed", "executed")
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why they come in late."))
        lines = self.env["kokyaku.execution.line"]
        known = lines.search(
            [("execution_id", "=", self.id), ("partner_id", "in", partners.ids)], limit=1
        )
        if known:
            raise UserError(
                self.env._(
                    "%(person)s is in “%(name)s” already. Please leave them out.",
                    person=known.partner_id.display_name,
                    name=self.name,
                )
            )
        foreign = partners.filtered(
            lambda one: one.sudo().company_id and one.sudo().company_id != self.company_id
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(person)s belongs to another company than %(company)s. Please leave them "
                    "out.",
                    person=foreign[0].display_name,
                    company=self.company_id.name,
                )
            )
        self.set_id.sudo()._add_people(partners, "manual", reason, asked_by)
        self._prepare(SQL("SELECT unnest(%s::int[])", partners.ids), late_reason=reason)
        return lines.search([("execution_id", "=", self.id), ("partner_id", "in", partners.ids)])
