from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..criteria.brackets import BracketError, parse

CONNECTORS = [("and", "And"), ("or", "Or"), ("except", "Except")]
KINDS = [("person", "About the Person"), ("purchase", "What They Bought"), ("set", "Earlier Sets")]
BRACKETS = [("0", " "), ("1", "("), ("2", "(("), ("3", "(((")]
CLOSING = [("0", " "), ("1", ")"), ("2", "))"), ("3", ")))")]
PERIODS = [
    ("any", "Any Time"),
    ("last", "The Past …"),
    ("between", "From … to …"),
    ("this_month", "This Month"),
    ("last_month", "Last Month"),
    ("this_year", "This Year"),
    ("last_year", "Last Year"),
    ("this_fiscal_year", "This Fiscal Year"),
    ("last_fiscal_year", "Last Fiscal Year"),
]
UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")]
MEASURES = [("times", "Times"), ("quantity", "Pieces"), ("amount", "Amount")]
SELLERS = [("any", "Anybody"), ("owner", "The Owner of the Set"), ("chosen", "Certain Employees")]
TESTS = [
    ("member", "Is in It"),
    ("sent", "Was Sent It"),
    ("positive", "Answered Well"),
    ("answered", "Gave Any Answer"),
    ("silent", "Was Sent It and Did Not Answer"),
    ("types", "Gave a Certain Answer"),
]
CHOICES = (
    "product_ids", "categ_ids", "attribute_value_ids", "code_value_ids", "seller_ids",
    "other_set_ids", "response_type_ids",
)  # fmt: skip


class KokyakuSelectionCriterion(models.Model):
    """抽出条件: one line of what is asked of the people of a set.

    Lines are joined by かつ・または・除く and brackets, see ``criteria/brackets.py``. How a line
    becomes SQL stands in ``selection_criterion_sql.py``, how it reads in
    ``selection_criterion_text.py``. It belongs to a set, or to criteria saved for later.
    """

    _name = "kokyaku.selection.criterion"
    _description = "Criterion"
    _order = "sequence, id"

    set_id = fields.Many2one("kokyaku.selection.set", index="btree_not_null", ondelete="cascade")
    saved_id = fields.Many2one("kokyaku.saved.criteria", index="btree_not_null", ondelete="cascade")
    sequence = fields.Integer(default=10, aggregator=False)
    connector = fields.Selection(CONNECTORS, required=True, default="and")
    opening = fields.Selection(BRACKETS, string="(", required=True, default="0")
    closing = fields.Selection(CLOSING, string=")", required=True, default="0")
    kind = fields.Selection(KINDS, string="Kind of Criterion", required=True, default="person")
    summary = fields.Char(string="Criterion", compute="_compute_summary")
    chosen_counts = fields.Json(
        help="How many products and so on were chosen, to notice when one is deleted."
    )

    # about the person
    partner_domain = fields.Char(
        string="Condition for the Person", default="[('is_company', '=', False)]"
    )

    # what they bought
    product_ids = fields.Many2many(
        "product.product", "kokyaku_criterion_product_rel", string="Products"
    )
    categ_ids = fields.Many2many(
        "product.category",
        "kokyaku_criterion_categ_rel",
        string="Product Categories",
        help="With the categories below them.",
    )
    attribute_value_ids = fields.Many2many(
        "product.attribute.value",
        "kokyaku_criterion_attribute_rel",
        string="Colours, Sizes …",
        help="Values of the product's attributes. Of several, one of each attribute has to be met.",
    )
    code_value_ids = fields.Many2many(
        "kokyaku.user.code.value",
        "kokyaku_criterion_code_rel",
        string="Codes of the Product",
        domain="[('code_id.model', '=', 'product.template')]",
    )
    seller = fields.Selection(SELLERS, string="Sold by", required=True, default="any")
    seller_ids = fields.Many2many(
        "res.users",
        "kokyaku_criterion_seller_rel",
        string="Salespeople",
        context={"active_test": False},
    )
    period = fields.Selection(PERIODS, required=True, default="any")
    period_number = fields.Integer(string="Past", default=1)
    period_unit = fields.Selection(UNITS, string="Unit of Time", required=True, default="year")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    comparison = fields.Selection(
        [("least", "At Least"), ("most", "At Most")],
        required=True,
        default="least",
        help="“At most” is asked of those who bought at all. Who never bought: take “Except”.",
    )
    measure = fields.Selection(MEASURES, string="Counted in", required=True, default="times")
    threshold = fields.Float(string="How Much", default=1)
    tax_included = fields.Boolean(string="With Tax", default=True)

    # earlier sets
    other_set_ids = fields.Many2many(
        "kokyaku.selection.set",
        "kokyaku_criterion_set_rel",
        string="Sets",
    )
    set_test = fields.Selection(TESTS, string="What of Them", required=True, default="member")
    response_type_ids = fields.Many2many(
        "kokyaku.response.type", "kokyaku_criterion_response_rel", string="Response Type"
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._remember_choices()
        lines.set_id._criteria_changed()
        return lines

    def write(self, vals):
        done = super().write(vals)
        if set(CHOICES) & vals.keys():
            self._remember_choices()
        if set(vals) - {"chosen_counts"}:
            self.set_id._criteria_changed()
        return done

    def unlink(self):
        sets = self.set_id
        done = super().unlink()
        sets._criteria_changed()
        return done

    def _remember_choices(self):
        for line in self:
            line.chosen_counts = {name: len(line.sudo()[name]) for name in CHOICES}

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for values in copies:
            values.pop("chosen_counts", None)  # counted anew with the copy's own choices
        return copies

    @api.constrains("date_from", "date_to", "period")
    def _check_dates(self):
        for line in self:
            if line.period != "between":
                continue
            if line.date_from and line.date_to and line.date_from > line.date_to:
                raise ValidationError(
                    self.env._(
                        "The period of “%s” ends before it begins. Please change one of the days.",
                        line.summary,
                    )
                )

    @api.constrains("other_set_ids", "set_id")
    def _check_circle(self):
        """Refuse a set that would be made from itself, also by way of others."""
        self.set_id._check_circle()

    # ---- Whether it can be asked ------------------------------------------------------

    def _check_complete(self):
        """Refuse lines that cannot be asked, with the line, what is wrong and what to do."""
        for number, line in enumerate(self, 1):
            problem = line._problem()
            if problem:
                raise UserError(
                    self.env._(
                        "Criterion %(number)s, “%(text)s”: %(problem)s",
                        number=number,
                        text=line.summary or "",
                        problem=problem,
                    )
                )

    def _problem(self):
        """Return why this line cannot be asked, or None."""
        self.ensure_one()
        counts = self.chosen_counts or {}
        for name in CHOICES:
            if not self._origin or not counts.get(name) or not self._shows(name):
                continue
            gone = counts[name] - len(self.sudo()._origin[name])
            if gone > 0 and self._origin[name] == self[name]._origin:
                return self.env._(
                    "%(number)s of “%(field)s” were deleted since. Please choose anew and save.",
                    number=gone,
                    field=self._fields[name]._description_string(self.env),
                )
        if self.kind == "person":
            return self._person_problem()
        if self.kind == "purchase":
            if self.seller == "chosen" and not self.seller_ids:
                return self.env._("please choose the employees.")
            if self.period == "between" and not (self.date_from or self.date_to):
                return self.env._("please enter a day to begin or to end with.")
            if self.period == "last" and self.period_number < 1:
                return self.env._("the number of the past days, months or years must be above 0.")
            if self.threshold <= 0:
                return self.env._("the times, pieces or amount must be above 0.")
        elif not self.other_set_ids:
            return self.env._("please choose at least one set.")
        elif self.set_test == "types" and not self.response_type_ids:
            return self.env._("please choose the answers.")
        return None

    def _shows(self, name):
        """Whether a list of choices counts for the kind of this line."""
        if name == "seller_ids":
            return self.kind == "purchase" and self.seller == "chosen"
        if name in ("other_set_ids", "response_type_ids"):
            return self.kind == "set" and (name == "other_set_ids" or self.set_test == "types")
        return self.kind == "purchase"

    def _expression(self):
        """Return the lines as one expression (see ``brackets.parse``) or a clear message."""
        try:
            return parse([(line.connector, int(line.opening), int(line.closing)) for line in self])
        except BracketError as error:
            if error.code == "not_open":
                text = self.env._(
                    "Criterion %s closes a bracket that was not opened. Please take it away, or "
                    "open one further up.",
                    error.line + 1,
                )
            else:
                text = self.env._(
                    "The bracket that criterion %s opens is not closed. Please close it further "
                    "down.",
                    error.line + 1,
                )
            raise UserError(text) from error
