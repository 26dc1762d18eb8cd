from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.kokyaku_affiliation import CHANGES
from ..tools import office_today, selected_records

MOST = 300  # persons in one transfer: more are not checked by anybody in a table


class KokyakuTransferWizard(models.TransientModel):
    """異動・役職変更: change where one or several persons belong, as of a day.

    Before and after stand side by side, one line per person. The work itself is done by
    ``kokyaku.transfer``.
    """

    _name = "kokyaku.transfer.wizard"
    _description = "Transfer"

    kind = fields.Selection(CHANGES, required=True, default="transfer")
    date = fields.Date(required=True, default=lambda self: office_today(self))
    company_partner_id = fields.Many2one(
        "res.partner",
        string="New Company",
        compute="_compute_company",
        store=True,
        readonly=False,
        domain="['|', ('is_company', '=', True), ('honorific', '=', 'onchu')]",
    )
    department = fields.Char(string="Department for All")
    line_ids = fields.One2many("kokyaku.transfer.wizard.line", "wizard_id", string="Persons")
    line_count = fields.Integer(compute="_compute_line_count")
    is_planned = fields.Boolean(compute="_compute_is_planned")
    keep_contact = fields.Boolean(
        string="Keep phone and e-mail",
        help="Otherwise those of the company leave the person's page; the history keeps them.",
    )
    successor_follows = fields.Boolean(
        string="The successor takes over department and function",
        default=True,
        help="On the same day, with a history of their own.",
    )
    hand_over = fields.Boolean(
        string="The successor gets types and staff in charge as well",
        help="Personal types, selection types, and our staff in charge where there is none yet.",
    )
    has_successor = fields.Boolean(compute="_compute_has_successor")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "line_ids" in fields_list and not values.get("line_ids"):
            people = self._selected_people()
            values["line_ids"] = [Command.create({"partner_id": person.id}) for person in people]
        return values

    @api.model
    def _selected_people(self):
        """The persons selected in a list of persons, or in a list of the people of a company."""
        model = self.env.context.get("active_model") or "res.partner"
        people = selected_records(self.env[model])
        if model != "res.partner":
            people = people.partner_id
        people = people.filtered(lambda one: not one.is_company and one.type == "contact")
        if not people:
            raise UserError(
                self.env._("No person is selected. Companies and addresses cannot be transferred.")
            )
        if len(people) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s persons are selected. Please transfer at most %(most)s at once.",
                    count=len(people),
                    most=MOST,
                )
            )
        return people

    @api.depends("line_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)

    @api.depends("date")
    def _compute_is_planned(self):
        for wizard in self:
            wizard.is_planned = wizard.date and wizard.date > office_today(wizard)

    @api.depends("line_ids.successor_id")
    def _compute_has_successor(self):
        for wizard in self:
            wizard.has_successor = bool(wizard.line_ids.successor_id)

    @api.depends("kind")
    def _compute_company(self):
        """The company stays when everyone is of one and nothing says they leave it."""
        for wizard in self:
            companies = wizard.line_ids.mapped("before_company_id")
            stays = wizard.kind in ("transfer", "concurrent") and len(companies) == 1
            wizard.company_partner_id = companies if stays else False

    @api.onchange("department")
    def _onchange_department(self):
        if self.department:
            self.line_ids.department = self.department

    def action_apply(self):
        """Carry the transfers out; return a message with their number."""
        self.ensure_one()
        transfers = self.env["kokyaku.transfer"]._carry_out(
            [line._move() for line in self.line_ids]
        )
        if self.hand_over:
            for line, transfer in zip(self.line_ids, transfers, strict=True):
                if line.successor_id:
                    transfer.sudo().handed_over = line._hand_over()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s transfers entered.", len(transfers)),
                "next": {
                    "type": "ir.actions.act_window_close",
                    "infos": {"reload": True},
                },
            },
        }
