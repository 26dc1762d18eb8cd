from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import is_future
from .kokyaku_consent import CHANNELS, CONSENT_STATES
from .kokyaku_honorific_rule import HONORIFICS
from .kokyaku_selection_type import ADDRESS_CHOICES, PURPOSES
from .kokyaku_user_label_mixin import SLOT_FIELDS

OPERATIONS = [("set", "Set"), ("add", "Add"), ("remove", "Remove"), ("clear", "Clear")]
# What can be edited, and the field of the line that holds the new value. The names are those
# of res.partner; the user-defined codes and names come in between under their labels.
LISTS = {
    "personal_type_ids": "personal_type_ids",
    "selection_type_ids": "selection_type_ids",
    "interest_ids": "interest_ids",
    "category_id": "category_ids",
    "staff_ids": "staff_ids",
}
VALUES = {
    "user_id": "user_id",
    "source_id": "source_id",
    "acquired_on": "date",
    "honorific": "honorific",
    "address_choice": "address_choice",
    "preferred_channel": "channel",
    "active": "shelf",
}
CONSENT = "consent"
ACTIVE = "active"
SHELVES = [("archived", "Archived"), ("in_use", "In Use")]


class KokyakuBulkEditLine(models.Model):
    """One change of a bulk edit: which field, what happens to it, and the value."""

    _name = "kokyaku.bulk.edit.line"
    _description = "Change of a Bulk Edit"
    _order = "edit_id, sequence, id"

    edit_id = fields.Many2one("kokyaku.bulk.edit", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, aggregator=False)
    fname = fields.Selection("_selection_fname", string="Field", required=True)
    operation = fields.Selection(OPERATIONS, string="What Happens", required=True, default="set")
    personal_type_ids = fields.Many2many("kokyaku.personal.type")
    selection_type_ids = fields.Many2many("kokyaku.selection.type")
    interest_ids = fields.Many2many("kokyaku.interest")
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    staff_ids = fields.Many2many(
        "res.users",
        "kokyaku_bulk_edit_line_staff_rel",
        string="Further Staff",
        domain="[('share', '=', False)]",
        context={"active_test": False},  # who left can still be taken out
    )
    user_id = fields.Many2one(
        "res.users",
        string="Staff in Charge",
        domain="[('share', '=', False)]",
        ondelete="set null",
    )
    code_slot = fields.Char(compute="_compute_shape")
    code_value_id = fields.Many2one(
        "kokyaku.user.code.value",
        string="Value",
        domain="[('code_id.model', '=', 'res.partner'), ('code_id.slot', '=', code_slot)]",
        ondelete="set null",
    )
    source_id = fields.Many2one("kokyaku.source", ondelete="set null")
    text = fields.Char()
    date = fields.Date()
    honorific = fields.Selection(HONORIFICS)
    address_choice = fields.Selection(ADDRESS_CHOICES)
    channel = fields.Selection(CHANNELS)
    purpose = fields.Selection(PURPOSES)
    shelf = fields.Selection(SHELVES, string="In Use or Archived")
    consent_state = fields.Selection(CONSENT_STATES, string="Consent")
    basis = fields.Char(help="On what ground: form, spoken, contract, business card …")
    evidence = fields.Char(help="Where it can be proved: file, page, who heard it.")
    is_list = fields.Boolean(compute="_compute_shape")
    value_field = fields.Char(compute="_compute_shape")
    value_text = fields.Char(string="New Value", compute="_compute_value_text")

    @api.model
    def _selection_fname(self):
        """What can be chosen: our list, with the labelled codes and names of the company."""
        partners = self.env["res.partner"]

        def labelled(names):
            return [(name, partners._fields[name]._description_string(self.env)) for name in names]

        labels = partners._user_labels()
        return [
            *labelled(LISTS),
            *((name, labels[name]) for name in SLOT_FIELDS if name in labels),
            ("user_id", self._fields["user_id"]._description_string(self.env)),
            *labelled(name for name in VALUES if name not in ("user_id", ACTIVE)),
            (ACTIVE, self._fields["shelf"]._description_string(self.env)),
            (CONSENT, self.env._("Consent")),
        ]

    @api.depends("fname")
    def _compute_shape(self):
        for line in self:
            name = line.fname or ""
            line.is_list = name in LISTS
            model, slot = SLOT_FIELDS.get(name, ("", ""))
            line.code_slot = slot if model == "kokyaku.user.code" else False
            if model:
                line.value_field = "code_value_id" if line.code_slot else "text"
            else:
                line.value_field = LISTS.get(name) or VALUES.get(name) or name

    @api.depends(
        "fname", "operation", "text", "date", "honorific", "address_choice", "channel", "purpose",
        "consent_state", "basis", "user_id", "code_value_id", "source_id", "shelf", *LISTS.values(),
    )  # fmt: skip
    def _compute_value_text(self):
        for line in self:
            line.value_text = line._value_in_words()

    @api.onchange("fname")
    def _onchange_fname(self):
        if self.fname in LISTS:
            self.operation = "add"
        elif self.operation in ("add", "remove") or self.fname == ACTIVE:
            self.operation = "set"

    @api.constrains(
        "fname", "operation", "code_value_id", "user_id", "staff_ids", "date", "channel", "purpose"
    )
    def _check_line(self):
        """Refuse at once what could never be carried out."""
        for line in self:
            if line.operation in ("add", "remove") and not line.is_list:
                raise ValidationError(
                    self.env._(
                        "“%s” holds one value only. Please choose Set or Clear.",
                        line._field_label(),
                    )
                )
            if line.operation == "clear" and line.fname == ACTIVE:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be cleared: a person is one or the other. Please choose Set.",
                        line._field_label(),
                    )
                )
            code = line.code_value_id.code_id
            if (
                line.code_slot
                and code
                and (code.model, code.slot)
                != (
                    "res.partner",
                    line.code_slot,
                )
            ):
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is a value of “%(code)s” and cannot stand under "
                        "“%(field)s”. Choose one of the values of that code.",
                        value=line.code_value_id.name,
                        code=code.name,
                        field=line._field_label(),
                    )
                )
            for user in line.user_id | line.staff_ids:
                if user.share:
                    raise ValidationError(
                        self.env._(
                            "%s is no colleague of the office and cannot look after customers. "
                            "Please choose someone else.",
                            user.name,
                        )
                    )
            if line.date and is_future(line, line.date):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” (%(date)s) lies in the future. Please check the year.",
                        field=line._field_label(),
                        date=fields.Date.to_string(line.date),
                    )
                )

    def _check_complete(self):
        """Refuse lines without a value: never entered, or deleted since."""
        for line in self:
            if line.fname == CONSENT:
                complete = line.channel and line.purpose
                complete = complete and (line.operation == "clear" or line.consent_state)
            else:
                value = line.shelf if line.fname == ACTIVE else line._value()
                complete = line.operation == "clear" or value
            if not complete:
                raise ValidationError(
                    self.env._(
                        "“%s” has no value. Enter one, choose Clear, or take the line out. "
                        "(A value that was deleted since has to be chosen anew.)",
                        line._field_label(),
                    )
                )

    def _key(self):
        """What may stand once only in a bulk edit; None for lists, which take several lines."""
        if self.is_list:
            return None
        return (self.fname, self.channel, self.purpose) if self.fname == CONSENT else self.fname

    # ---- In words -----------------------------------------------------------------

    def _field_label(self):
        label = dict(self._selection_fname()).get(self.fname, self.fname)
        if self.fname != CONSENT:
            return label
        parts = [self._choice("channel"), self._choice("purpose")]
        return self.env._("Consent (%s)", " / ".join(filter(None, parts)))

    def _choice(self, fname, value=None):
        value = value or self[fname]
        return dict(self._fields[fname]._description_selection(self.env)).get(value, "")

    def _value_in_words(self):
        if self.operation == "clear" or not self.fname:
            return ""
        if self.fname == CONSENT:
            return " ".join(filter(None, (self._choice("consent_state"), self.basis)))
        field = self._fields[self.value_field]
        value = self[self.value_field]
        if field.relational:
            return self.env._(", ").join(value.sudo().mapped("display_name"))
        if field.type == "selection":
            return self._choice(self.value_field)
        return str(value or "")

    def _in_words(self):
        """The line as one says it, for the list of past bulk edits."""
        words = {"field": self._field_label(), "value": self._value_in_words()}
        if self.operation == "clear":
            return self.env._("%(field)s: cleared", **words)
        if self.operation == "add":
            return self.env._("%(field)s: %(value)s added", **words)
        if self.operation == "remove":
            return self.env._("%(field)s: %(value)s removed", **words)
        return self.env._("%(field)s: %(value)s", **words)

    # ---- The value ------------------------------------------------------------------

    def _value(self):
        """The new value as a column takes it, a list of ids for lists; None when cleared."""
        if self.operation == "clear":
            return [] if self.is_list else None
        value = self[self.value_field]
        field = self._fields[self.value_field]
        if self.is_list:
            return value.ids
        if field.type == "many2one":
            return value.id or None
        if self.fname == ACTIVE:
            return value == "in_use" if value else None
        return value.strip() or None if field.type == "char" and value else value or None

    def _after(self, partner, before):
        """What of `before` is left or new, for the sample: texts, lists of texts for lists."""
        new = self._value_in_words()
        if not self.is_list:
            return new
        own = self[self.value_field].sudo().mapped("display_name")
        if self.operation == "add":
            return before + [name for name in own if name not in before]
        if self.operation == "remove":
            return [name for name in before if name not in own]
        return own if self.operation == "set" else []

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.edit_id._touch()
        return lines

    def write(self, vals):
        self.edit_id._touch()
        result = super().write(vals)
        self.edit_id._touch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.edit_id._touch()
