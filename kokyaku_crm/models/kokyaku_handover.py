from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import office_today, selected_domain

STATES = [
    ("draft", "Draft"),
    ("planned", "Planned"),
    ("done", "Done"),
    ("undone", "Undone"),
]
SAMPLE = 20
# What only the program writes.
RESULTS = {
    "state", "done_at", "done_by", "problem", "edit_ids", "people_count", "change_count"
}  # fmt: skip
THINGS = ("mail.activity", "sale.order", "calendar.event")


class KokyakuHandover(models.Model):
    """担当者引継ぎ: the customers of one employee go to others, now or on a day to come.

    Who goes to whom says the first line that fits; whoever is left goes to ``to_user_id``. The
    people change by bulk edits (``edit_ids``), so they are logged and taken back like these.
    How it is carried out stands in ``kokyaku_handover_work.py``.
    """

    _name = "kokyaku.handover"
    _description = "Hand-Over of Customers"
    _order = "date desc, id desc"
    _rec_name = "from_user_id"

    from_user_id = fields.Many2one(
        "res.users", string="Hands Over", required=True, index=True, ondelete="restrict",
        domain="[('share', '=', False)]", context={"active_test": False},
    )  # fmt: skip
    to_user_id = fields.Many2one(
        "res.users", string="Everybody Else to", ondelete="restrict",
        domain="[('share', '=', False), ('id', '!=', from_user_id)]",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company,
        ondelete="cascade",
    )  # fmt: skip
    date = fields.Date(
        string="On", required=True, default=lambda self: office_today(self),
        help="A day to come: it is carried out in the night before.",
    )  # fmt: skip
    line_ids = fields.One2many("kokyaku.handover.line", "handover_id", string="Who to Whom")
    domain = fields.Char(help="Only some of the customers: those selected in a list.")
    is_selection = fields.Boolean()
    with_main = fields.Boolean(string="As Staff in Charge", default=True)
    with_staff = fields.Boolean(string="As Further Staff", default=True)
    with_activities = fields.Boolean(string="Open Activities", default=True)
    with_quotations = fields.Boolean(string="Open Quotations", default=True)
    with_meetings = fields.Boolean(string="Meetings to Come", default=True)
    keep_as_staff = fields.Boolean(
        string="Stays as Further Staff",
        help="Who hands over goes on looking after the customers as further staff.",
    )
    reason = fields.Char()
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by = fields.Many2one("res.users", readonly=True, copy=False)
    problem = fields.Char(readonly=True, copy=False)
    edit_ids = fields.Many2many("kokyaku.bulk.edit", readonly=True, copy=False)
    people_count = fields.Integer(string="Customers Handed Over", readonly=True, copy=False)
    change_count = fields.Integer(string="Other Things", readonly=True, copy=False)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            chosen = selected_domain(self.env["res.partner"])
            values.update(domain=repr(list(chosen)), is_selection=True)
        return values

    @api.constrains("from_user_id", "to_user_id", "line_ids")
    def _check_receivers(self):
        for one in self:
            receivers = one.to_user_id | one.line_ids.to_user_id
            if one.from_user_id in receivers:
                raise ValidationError(
                    self.env._(
                        "%s cannot hand over to themselves. Please choose someone else.",
                        one.from_user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_results(vals)
        return super().create(vals_list)

    def _refuse_results(self, vals):
        if RESULTS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("What a hand-over did is written down by the program only.")
            )

    def write(self, vals):
        self._refuse_results(vals)
        if not self.env.su:
            for one in self:
                if one.state in ("done", "undone"):
                    raise UserError(
                        self.env._("This was handed over already and cannot be changed any more.")
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.filtered(lambda one: one.state in ("done", "undone")):
            raise UserError(self.env._("What was handed over stays in the list."))

    # ---- What it is about ---------------------------------------------------------------

    def _parts(self):
        """Return [(receiver, Domain of the partners, whether it is everybody else)]; the first
        that fits counts."""
        self.ensure_one()
        rest = Domain.TRUE
        parts = []
        for line in self.line_ids:
            if line.to_user_id:
                parts.append((line.to_user_id, line._people() & rest & self._all(), False))
            rest &= ~line._people()
        if self.to_user_id:
            parts.append((self.to_user_id, rest & self._all(), not self.is_selection))
        return parts

    def _all(self):
        """Domain of the partners it can be about."""
        people = Domain("company_id", "in", [False, self.company_id.id])
        if self.is_selection:
            people &= self.env["kokyaku.bulk.edit"].new({"domain": self.domain})._people_domain()
        return people

    def _main(self):
        return Domain("user_id", "=", self.from_user_id.id)

    def _staff(self):
        return Domain("staff_ids", "in", self.from_user_id.ids)

    def _things(self, people, everything):
        """Return {model: Domain} of what hangs on `people` and is to be handed over too.

        :param people: Domain of the partners
        :param bool everything: also what hangs on nobody or on something else
        """
        giver = Domain("user_id", "=", self.from_user_id.id)
        partners = self.env["res.partner"]._search(people, order="id")
        things = {}
        if self.with_activities:
            of_people = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", partners)
            things["mail.activity"] = giver & (Domain.TRUE if everything else of_people)
        if self.with_quotations:
            mine = Domain.TRUE if everything else Domain("partner_id", "in", partners)
            open_ones = Domain("state", "in", ("draft", "sent"))
            things["sale.order"] = (
                giver & open_ones & mine & Domain("company_id", "=", self.company_id.id)
            )
        if self.with_meetings:
            mine = Domain.TRUE if everything else Domain("partner_ids", "in", partners)
            to_come = Domain("start", ">", fields.Datetime.now())
            things["calendar.event"] = giver & to_come & mine
        return things

    @api.depends(
        "from_user_id", "to_user_id", "line_ids.to_user_id", "line_ids.state_ids",
        "line_ids.personal_type_ids", "with_main", "with_staff", "with_activities",
        "with_quotations", "with_meetings", "state", "domain",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for one in self:
            ready = one.from_user_id and one.state in ("draft", "planned")
            one.preview = one._preview() if ready else False

    def _preview(self):
        """How much goes to whom, and whose customers they are now (first 20)."""
        partners = self.env["res.partner"]
        rows = Markup("")
        for user, people, everything in self._parts():
            things = self._things(people, everything)
            numbers = [
                partners.search_count(self._main() & people) if self.with_main else "–",
                partners.search_count(self._staff() & people) if self.with_staff else "–",
                *(
                    self.env[model].sudo().search_count(things[model]) if model in things else "–"
                    for model in THINGS
                ),
            ]
            rows += Markup("<tr><td>%s</td>%s</tr>") % (
                user.name,
                Markup("").join(Markup("<td>%s</td>") % number for number in numbers),
            )
        if not rows:
            return False
        heads = (
            self.env._("Go to"), self.env._("As Staff in Charge"), self.env._("As Further Staff"),
            self.env._("Open Activities"), self.env._("Open Quotations"),
            self.env._("Meetings to Come"),
        )  # fmt: skip
        table = Markup("<table class='table table-sm'><thead><tr>%s</tr></thead>%s</table>") % (
            Markup("").join(Markup("<th>%s</th>") % head for head in heads),
            rows,
        )
        sample = Markup("").join(
            Markup("<tr><td>%s</td><td>%s → %s</td></tr>")
            % (person.display_name, self.from_user_id.name, user.name)
            for user, people, _everything in self._parts()
            if self.with_main
            for person in partners.search(self._main() & people, limit=SAMPLE)
        )
        return table + Markup("<table class='table table-sm w-50'>%s</table>") % sample

    def action_open_edits(self):
        """The bulk edits by which the customers changed hands."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_bulk_edit")
        return {**action, "domain": [("id", "in", self.edit_ids.ids)]}


class KokyakuHandoverLine(models.Model):
    """One line of a hand-over: which customers go to whom."""

    _name = "kokyaku.handover.line"
    _description = "Line of a Hand-Over"
    _order = "sequence, id"

    handover_id = fields.Many2one("kokyaku.handover", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, aggregator=False)
    state_ids = fields.Many2many("res.country.state", string="Prefectures")
    personal_type_ids = fields.Many2many("kokyaku.personal.type")
    to_user_id = fields.Many2one(
        "res.users", string="Go to", required=True, domain="[('share', '=', False)]",
        ondelete="restrict",
    )  # fmt: skip

    def _people(self):
        people = Domain.TRUE
        if self.state_ids:
            people &= Domain("state_id", "in", self.state_ids.ids)
        if self.personal_type_ids:
            people &= Domain("personal_type_ids", "in", self.personal_type_ids.ids)
        return people


class KokyakuHandoverChange(models.Model):
    """What else changed hands: activities, quotations, meetings; for the undo."""

    _name = "kokyaku.handover.change"
    _description = "Thing Handed Over"
    _log_access = False

    handover_id = fields.Many2one("kokyaku.handover", required=True, index=True, ondelete="cascade")
    model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    to_user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
