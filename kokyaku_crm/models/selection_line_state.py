from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What stood on the paper and happened to it: nobody rewrites that.
FROZEN = frozenset(
    "execution_id set_id company_id partner_id exclusion is_control is_late user_id kind zip_text "
    "address_text company_text department_text title_text name_text honorific_text contact_text "
    "joint_text joint_line_id printed_at sent_on code left_out_reason left_out_by".split()
)
UNTIL_SENT = frozenset("item unit_cost noshi hold_until".split())


class KokyakuExecutionLine(models.Model):
    """What is frozen on a line, what can be set for each person, and what marks it."""

    _inherit = "kokyaku.execution.line"

    exclusion = fields.Selection(
        selection="_selection_exclusion",
        string="Reason Left Out",
        help="Why they do not get it; empty: they do.",
    )
    left_out_reason = fields.Char(string="Why Taken Out")
    left_out_by = fields.Many2one("res.users", string="Taken Out by", ondelete="set null")
    department_text = fields.Char(string="Department as Printed")
    execution_state = fields.Selection(related="execution_id.state", string="Status")
    previous_item = fields.Char(
        string="Last Time's Item",
        compute="_compute_previous_item",
        help="What they got from the set of last time.",
    )
    partner_ref = fields.Char(related="partner_id.ref", string="Customer Code")
    partner_kana = fields.Char(related="partner_id.kana")

    @api.model
    def _selection_exclusion(self):
        """The reasons: those of ``_reach_reasons`` and those of an execution (hook)."""
        return [
            *self.env["res.partner"]._reach_reasons().items(),
            ("archived", self.env._("Archived")),
            ("left", self.env._("Left the Company")),
            ("duplicate", self.env._("Same E-Mail Twice")),
            ("joint", self.env._("On Another's Piece")),
            ("by_hand", self.env._("Taken Out of the Mailing by Hand")),
            ("unasked", self.env._("Answered Unasked")),  # there is nothing to send to them
        ]

    @api.depends("partner_id", "set_id")
    def _compute_previous_item(self):
        previous = self.set_id.previous_id
        items = {}
        if previous:
            sent = self.search_fetch(
                [
                    ("set_id", "in", previous.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("sent_on", "!=", False),
                ],
                ["set_id", "partner_id", "item"],
                order="sent_on, id",
            )
            items = {(line.set_id, line.partner_id): line.item for line in sent}
        for line in self:
            line.previous_item = items.get((line.set_id.previous_id, line.partner_id))

    def write(self, vals):
        if not self.env.su:
            self.execution_id._check_at_rest()
            if FROZEN & vals.keys():
                raise UserError(
                    self.env._(
                        "What was prepared, printed or sent stays as it is: it is the history of "
                        "the person."
                    )
                )
            if UNTIL_SENT & vals.keys():
                late = self.filtered(
                    lambda line: line.sent_on or line.execution_state == "cancelled"
                )
                if late:
                    raise UserError(
                        self.env._(
                            "%(person)s: this was sent or cancelled already, so item, cost and "
                            "wrapping stay as they are.",
                            person=late[0].name_text,
                        )
                    )
        return super().write(vals)

    # ---- 印刷済 ---------------------------------------------------------------------

    def _printable(self, on=None):
        """The lines among these that may be printed: they go, and do not have to wait.

        :param on: the posting date; None: as the execution says
        """
        return self.filtered(
            lambda line: not line.exclusion
            and not line.is_control
            and line.execution_state != "cancelled"
            and not line._waits(on)
        )

    def _waits(self, on=None):
        """Say whether this line has to wait until the 49 days are over."""
        day = on or self.execution_id.date or fields.Date.context_today(self)
        return bool(self.hold_until and self.hold_until > day)

    def _mark_printed(self):
        """Write down that these are printed now, by one statement; return their number.

        Who is left out or kept for comparison is never marked. Whether lines that are printed
        already may be printed again is asked by whoever prints (``_printed_before``).
        """
        self.check_access("write")
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_execution_line
                   SET printed_at = now() AT TIME ZONE 'UTC', write_uid = %s,
                       write_date = now() AT TIME ZONE 'UTC'
                 WHERE id = ANY(%s) AND exclusion IS NULL AND is_control IS NOT TRUE
                """,
                self.env.uid,
                self.ids,
            )
        )
        number = self.env.cr.rowcount
        self.execution_id._lines_changed()
        return number

    def _printed_before(self):
        """Return how many of these were printed already."""
        return self.search_count([("id", "in", self.ids), ("printed_at", "!=", False)])
