from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.kokyaku_consent import CHANNELS
from ..models.kokyaku_execution_line import NOSHI
from ..models.kokyaku_selection_type import PURPOSES
from ..models.selection_execution_state import check_control_percent

MANY = 10000  # pieces that are worth asking twice
SMALL_OFFICE = 20  # with fewer people a set of everybody is nothing special
LIKE_LAST_TIME = ("channel", "purpose", "sender_id", "unit_cost", "noshi", "order_days")
# What the execution takes over from the wizard.
SAID = (
    "name channel purpose selection_type_id date sender_id item unit_cost cost noshi "
    "control_percent answer_until order_days campaign_id"
).split()


class SelectionConfirm(models.TransientModel):
    """確定: what is sent, how and when; shows who gets it and who is left out, and why."""

    _name = "kokyaku.selection.confirm"
    _description = "Confirm a Selection Set"

    set_id = fields.Many2one("kokyaku.selection.set", required=True, readonly=True)
    asked_in = fields.Char(help="The state of the set when this was opened.")
    company_id = fields.Many2one(related="set_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(required=True)
    channel = fields.Selection(CHANNELS, required=True, default="post")
    purpose = fields.Selection(PURPOSES, required=True, default="greeting")
    selection_type_id = fields.Many2one(related="set_id.selection_type_id")
    date = fields.Date(string="Posting Date")
    sender_id = fields.Many2one("kokyaku.sender")
    item = fields.Char(help="What everybody gets, unless the line says otherwise.")
    unit_cost = fields.Monetary(help="What one piece costs, with postage.")
    cost = fields.Monetary(
        string="Total Cost", help="What the whole costs beside the pieces: design, venue …"
    )
    noshi = fields.Selection(
        NOSHI,
        string="Wrapping",
        default="none",
        required=True,
        help="のし: 紅白 or 無地. Someone in mourning gets the plain one.",
    )
    control_percent = fields.Float(
        string="Not Sent for Comparison (%)",
        help="A random share of the people does not get it, to measure the effect.",
    )
    answer_until = fields.Date(help="Who has not answered by then is entered as no answer.")
    order_days = fields.Integer(
        default=60, help="Orders within so many days after the posting date count as effect."
    )
    campaign_id = fields.Many2one("utm.campaign")
    send_count = fields.Integer(string="Get It", compute="_compute_preview")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_preview")
    control_count = fields.Integer(string="For Comparison", compute="_compute_preview")
    reasons = fields.Html(string="Why", compute="_compute_preview", sanitize=False)
    question = fields.Char(compute="_compute_preview")
    sure = fields.Boolean(string="Yes, I am sure")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        one = self.env["kokyaku.selection.set"].browse(values.get("set_id"))
        if one:
            values["asked_in"] = one.state
            number = len(one.execution_ids.filtered(lambda each: each.state != "cancelled"))
            values["name"] = one.name if not number else f"{one.name} ({number + 1})"
            last = (one.execution_ids or one.previous_id.execution_ids)[:1]
            for name in LIKE_LAST_TIME if last else ():
                values[name] = last._fields[name].convert_to_write(last[name], last)
            if one.selection_type_id.purpose:
                values["purpose"] = one.selection_type_id.purpose
        return values

    @api.constrains("date", "answer_until", "control_percent")
    def _check_values(self):
        for wizard in self:
            check_control_percent(wizard)
            if wizard.date and wizard.answer_until and wizard.answer_until < wizard.date:
                raise ValidationError(
                    self.env._(
                        "The last day to answer lies before the posting date. Please correct one "
                        "of them."
                    )
                )

    @api.depends("channel", "purpose", "date", "noshi", "control_percent", "set_id")
    def _compute_preview(self):
        labels = dict(self.env["kokyaku.execution.line"]._selection_exclusion())
        for wizard in self:
            counts = wizard._execution()._judge() if wizard.channel and wizard.purpose else {}
            goes = counts.pop(None, 0)
            control = int(goes * min(max(wizard.control_percent, 0), 100) / 100 + 0.5)
            wizard.send_count = goes - control
            wizard.control_count = control
            wizard.left_out_count = sum(counts.values())
            rows = [
                Markup("<tr><td class='pe-4'>%s</td><td class='text-end'>%s</td></tr>")
                % (labels.get(code, code), f"{number:,}")
                for code, number in sorted(counts.items(), key=lambda pair: -pair[1])
            ]
            wizard.reasons = bool(rows) and Markup(
                "<table class='table table-sm w-auto mb-0'><tbody>%s</tbody></table>"
            ) % Markup().join(rows)
            wizard.question = wizard._question(goes)

    def _question(self, goes):
        """What is asked once more, because it goes to very many."""
        if goes > MANY:
            return self.env._("This goes to %s people. Is that what you want?", f"{goes:,}")
        if goes > SMALL_OFFICE:
            people = self.env["res.partner"].search_count(
                [
                    ("is_company", "=", False),
                    ("type", "=", "contact"),
                    ("company_id", "in", (False, self.company_id.id)),
                ],
                limit=goes + 1,
            )
            if goes >= people:
                return self.env._("This goes to everybody you have. Is that what you want?")
        return False

    def _execution(self):
        """The execution as it would be, not stored."""
        return self.env["kokyaku.selection.execution"].new(
            {
                "set_id": self.set_id.id,
                "company_id": self.set_id.company_id.id,
                **self._values(),
            }
        )

    def _values(self):
        return {name: self._fields[name].convert_to_write(self[name], self) for name in SAID}

    def action_apply(self):
        """確定する: lock the set, prepare the execution, and open it."""
        self.ensure_one()
        one = self.set_id
        one.check_access("write")
        one._lock()
        # Whoever has confirmed it meanwhile has done the same; a second execution is asked for.
        one._check_state(*(["draft"] if self.asked_in == "draft" else ["confirmed", "executed"]))
        if not self.send_count:
            raise UserError(
                self.env._(
                    "None of the %s people would get it. The list says why; please choose another "
                    "channel or purpose, or change the people.",
                    one.member_count,
                )
            )
        if self.question and not self.sure:
            raise UserError(self.env._("%s Please tick “Yes, I am sure” if it is.", self.question))
        former = one.state
        if former == "draft":
            one._stamp("confirmed")
        execution = (
            self.env["kokyaku.selection.execution"]
            .sudo()
            .create({"set_id": one.id, "company_id": one.company_id.id, **self._values()})
        )
        execution._prepare_soon(former)
        return {
            "type": "ir.actions.act_window",
            "res_model": "kokyaku.selection.execution",
            "res_id": execution.id,
            "views": [(False, "form")],
            "target": "current",
        }
