from odoo import fields, models
from odoo.exceptions import UserError

# What an undo of a transfer puts back on the person.
STATE_FIELDS = "parent_id function phone email zip state_id city street street2 country_id".split()


class ResPartner(models.Model):
    """異動・役職変更 from the page of a person."""

    _inherit = "res.partner"

    transfer_ids = fields.One2many(
        "kokyaku.transfer", "partner_id", string="Transfers", groups="kokyaku_crm.group_analyst"
    )

    def _affiliation_state(self):
        """dict person id → what an undo needs: their rows, and their own fields."""
        rows = self.env["kokyaku.affiliation"].search([("partner_id", "in", self.ids)])
        rows = rows.grouped("partner_id")
        return {
            person.id: {
                "rows": {
                    str(row.id): row._state_values()
                    for row in rows.get(person, self.env["kokyaku.affiliation"])
                },
                "person": person._convert_to_write({name: person[name] for name in STATE_FIELDS}),
            }
            for person in self
        }

    def _write_down_implied(self):
        """Make a row of the company that persons without rows have by ``parent_id``."""
        Affiliation = self.env["kokyaku.affiliation"].with_context(kokyaku_no_settle=True)
        known = Affiliation.search([("partner_id", "in", self.ids)]).partner_id
        Affiliation.create(
            [
                {
                    "partner_id": person.id,
                    "company_partner_id": person.parent_id.id,
                    "function": person.function,
                    "is_main": True,
                }
                for person in self - known
                if person._has_implied_affiliation()
            ]
        )

    def action_transfer(self):
        """異動・役職変更: open the wizard for these persons."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer / Change of Function"),
            "res_model": "kokyaku.transfer.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                **self.env.context,
                "active_model": "res.partner",
                "active_ids": self.ids,
                "active_domain": None,
                "dialog_size": "extra-large",
            },
        }

    def action_undo_transfer(self):
        """直前の異動を取り消す."""
        self.ensure_one()
        last = self.env["kokyaku.transfer"].search([("partner_id", "=", self.id)], limit=1)
        if not last:
            raise UserError(self.env._("%(person)s has no transfer to undo.", person=self.name))
        return last.action_undo()
