from odoo import fields, models

from ..tools import NOBODY_IN_CHARGE

NOSHI = [("none", "None"), ("red", "Red and White"), ("plain", "Plain")]


class KokyakuExecutionLine(models.Model):
    """実施履歴: one recipient of one execution, frozen as it was sent.

    Name, title and address stand there as text, as they were printed; whoever moves later
    changes nothing here. Who was left out has the reason in ``exclusion``.
    """

    _name = "kokyaku.execution.line"
    _description = "Execution Line"
    _order = "execution_id desc, id"
    _rec_name = "name_text"

    execution_id = fields.Many2one(
        "kokyaku.selection.execution", string="Execution", required=True, ondelete="cascade"
    )
    set_id = fields.Many2one(
        "kokyaku.selection.set", string="Selection Set", required=True, index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, index=True, ondelete="restrict"
    )
    exclusion = fields.Char(
        string="Reason Code", help="Why they do not get it: a reason's code; empty: they do."
    )
    is_control = fields.Boolean(string="For Comparison")
    is_late = fields.Boolean(string="Late Addition")
    late_reason = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Staff in Charge", ondelete="set null",
        falsy_value_label=NOBODY_IN_CHARGE,
    )
    kind = fields.Selection([("company", "Company"), ("home", "Home")], string="Sent to")
    zip_text = fields.Char(string="Postal Code")
    address_text = fields.Text(string="Address as Printed")
    company_text = fields.Char(string="Company as Printed")
    title_text = fields.Char(string="Function as Printed")
    name_text = fields.Char(string="Name as Printed")
    honorific_text = fields.Char(string="Honorific as Printed")
    contact_text = fields.Char(string="Sent to Address", help="E-mail, phone or fax number used.")
    joint_text = fields.Char(string="Together with", help="Joint addressees (連名).")
    joint_line_id = fields.Many2one(
        "kokyaku.execution.line", string="On the Piece of",
        index="btree_not_null", ondelete="set null",
        help="They share a home with this recipient and are named on the same piece.",
    )
    item = fields.Char()
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_cost = fields.Monetary()
    noshi = fields.Selection(NOSHI, string="Wrapping")
    hold_until = fields.Date(help="Not before this day: within the 49 days of mourning.")
    printed_at = fields.Datetime()
    sent_on = fields.Date()
    code = fields.Char(help="Stands on the printed piece, to enter the answer by.")
    response_type_id = fields.Many2one(
        "kokyaku.response.type", string="Response", index="btree_not_null", ondelete="restrict"
    )
    response_date = fields.Date()
    companions = fields.Integer(help="How many come with them.")
    response_note = fields.Char()
    response_source = fields.Selection(
        [
            ("manual", "Entered"),
            ("code", "Code Reader"),
            ("list", "Pasted List"),
            ("file", "File"),
            ("auto", "By Itself"),
        ],
        string="Entered by Way of",
    )
    response_uid = fields.Many2one("res.users", string="Answer Entered by", ondelete="set null")

    _execution_partner_uniq = models.Constraint(
        "UNIQUE(execution_id, partner_id)", "This recipient is in the execution already."
    )
    _code_idx = models.UniqueIndex("(code) WHERE code IS NOT NULL")

    def init(self):
        """Each line is written once more when it is printed, and when it is sent, a million at a
        time. With room in its page, and no index over what is written then, PostgreSQL writes the
        row and nothing else: a fifth of the time, and less disk in the end than without room.
        So no index may hold ``printed_at`` or ``sent_on``."""
        self.env.cr.execute("ALTER TABLE kokyaku_execution_line SET (fillfactor = 50)")
