import base64
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.kokyaku_crm.models.res_partner import HONORIFIC_TEXTS

from ..atena import codes
from ..atena.horizontal import HorizontalLayout
from ..atena.paint import SheetPainter
from ..atena.picture import first_sheet

DIRECT_LIMIT = 2000  # labels that are printed while the user waits
EXCLUDING = {codes.NO_ADDRESS, codes.NO_NAME, codes.DOES_NOT_FIT, codes.ARCHIVED}
LAID_OUT_BY = (
    "format_id",
    "start_position",
    "print_order",
    "honorific",
    "print_missing",
    "selection_type_id",
)
SHOWN_CHARACTERS = 20  # of those the font lacks; the list of the people has them all
PICTURE_DOTS = 4.0  # per mm: sharp at the size shown

REASONS = [
    (codes.NO_ADDRESS, "No address"),
    (codes.NO_NAME, "No name"),
    (codes.ARCHIVED, "Archived"),
    (codes.DOES_NOT_FIT, "Does not fit this label"),
    (codes.MISSING_GLYPH, "Character not in the font"),
    (codes.NO_POSTAL_CODE, "No postal code"),
    (codes.ODD_POSTAL_CODE, "Postal code is not 7 digits"),
    (codes.SMALL_PRINT, "Very small print"),
    (codes.VARIANT_GLYPH, "Variant of a kanji printed in its basic form"),
]


class Problem(NamedTuple):
    """Something to know about one recipient: whether they are printed all the same, and which
    characters are missing."""

    partner_id: int
    code: str
    detail: str
    printed: bool


class Plan(NamedTuple):
    """What a print comes to: ids and runs of the labels in order, the problems, and how many
    people the user may not see."""

    partner_ids: list
    labels: list
    problems: list
    hidden: int


class KokyakuLabelPrint(models.TransientModel):
    """宛名ラベル印刷: address labels for a selection of people.

    How to use: ``action_open`` with ``active_model`` and ``active_ids`` (or ``active_domain``)
    in the context, as list and form views give them. Of a model other than partners the
    context names the field that holds the partner: ``kokyaku_partner_field="partner_id"``.

    How it works: the selection is kept on the wizard, so the ids travel through the browser
    once. Everything shown comes from one plan: partners are read in a handful of statements,
    laid out, and counted. Up to 2 000 labels are printed at once, more by ``kokyaku.run``.
    """

    _name = "kokyaku.label.print"
    _description = "Print Address Labels"
    # A print that waits in the queue needs its wizard; the PDF on it is personal data.
    _transient_max_hours = 48.0
    _transient_max_count = 0

    res_model = fields.Char(required=True, readonly=True)
    partner_field = fields.Char(readonly=True)
    selection = fields.Json(readonly=True)
    format_id = fields.Many2one(
        "kokyaku.label.format",
        string="Label Sheet",
        required=True,
        default=lambda self: self.env["kokyaku.label.format"].search(
            [("company_id", "in", [False, self.env.company.id])], limit=1
        ),
    )
    per_sheet = fields.Integer(related="format_id.per_sheet")
    start_position = fields.Integer(
        default=1,
        required=True,
        help="Number of the first free label on a part-used sheet, counted from the upper left "
        "along the rows.",
    )
    print_order = fields.Selection(
        [
            ("postal_code", "Postal code"),
            ("staff", "Staff in charge"),
            ("kana", "Kana"),
            ("listed", "As in the list"),
        ],
        required=True,
        default="postal_code",
    )
    honorific = fields.Selection(
        [
            ("own", "As registered (様, 御中 …)"),
            ("sama", "様"),
            ("dono", "殿"),
            ("sensei", "先生"),
            ("kakui", "各位"),
            ("none", "(none)"),
        ],
        required=True,
        default="own",
        help="For people; organisations keep 御中.",
    )
    selection_type_id = fields.Many2one(
        "kokyaku.selection.type",
        string="Selection Type",
        ondelete="set null",
        help="Its address choice decides whether post goes to the company or to the home. "
        "Without one, that of each person does.",
    )
    print_missing = fields.Boolean(
        string="Print 〓 for characters the font lacks",
        help="The character is then put in by hand. Otherwise these people are left out.",
    )
    outlines = fields.Boolean(string="Print Label Outlines")
    label_count = fields.Integer(string="Labels", compute="_compute_plan")
    sheet_count = fields.Integer(string="Sheets", compute="_compute_plan")
    problem_count = fields.Integer(compute="_compute_plan")
    summary = fields.Html(compute="_compute_plan", sanitize=False)
    preview = fields.Binary(compute="_compute_preview")
    pdf = fields.Binary(string="PDF", attachment=True, readonly=True)

    @api.constrains("start_position", "format_id")
    def _check_start_position(self):
        for wizard in self:
            if not wizard._start_is_valid():
                raise ValidationError(
                    self.env._(
                        "The start position must be between 1 and %(count)s: “%(sheet)s” has "
                        "%(count)s labels.",
                        count=wizard.per_sheet,
                        sheet=wizard.format_id.name,
                    )
                )

    def _start_is_valid(self):
        return 1 <= self.start_position <= max(self.per_sheet, 1)

    # ---- Opening ------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        values.setdefault("res_model", context.get("active_model") or "res.partner")
        values.setdefault("partner_field", context.get("kokyaku_partner_field") or False)
        values.setdefault("selection", self._selection_of_context(values["res_model"]))
        return values

    @api.model
    def _selection_of_context(self, model):
        """What was selected: the ids, or the whole domain when the client cut the ids off.

        The web client sends the domain of the list whatever is selected, and with "select all"
        the first 20 000 ids of it. So the ids are the selection unless there are just that many.
        """
        ids = self.env.context.get("active_ids") or []
        domain = self.env.context.get("active_domain")
        limit = int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", 20000))
        if domain is not None and (not ids or len(ids) >= limit):
            if not ids or self.env[model].search(domain, limit=limit).ids == ids:
                return {
                    "domain": [list(leaf) if isinstance(leaf, tuple) else leaf for leaf in domain]
                }
        return {"ids": ids}

    @api.model
    def action_open(self):
        """宛名ラベル印刷: open the wizard for the selection in the context."""
        values = self.default_get(list(self._fields))
        if not values.get("format_id"):
            raise UserError(
                self.env._(
                    "There is no label sheet. Please add one, or take one out of the archive, "
                    "under Mailing > Settings > Label Sheets."
                )
            )
        wizard = self.create(values)
        wizard.format_id._font_chain()  # says at once when there is no font
        if not wizard._selected_partner_ids():
            raise UserError(
                self.env._("Please select the people to print labels for, then try again.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Address Labels"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _selected_partner_ids(self):
        """Ids of the selected partners, each once, as listed; under the user's rights.

        :return: list of ids
        """
        self.ensure_one()
        model = self.env[self.res_model].with_context(active_test=False)
        model.check_access("read")
        selection = self.selection or {}
        if "domain" in selection:
            # As the list counted it: archived records only when the domain asks for them.
            listed = self.env[self.res_model]
            query = listed._search(Domain(selection["domain"]), order=listed._order)
        else:
            query = model._search([("id", "in", selection.get("ids") or [])])
        field = self.partner_field or "id"
        columns = [model._field_to_sql(query.table, name, query) for name in ("id", field)]
        rows = self.env.execute_query(query.select(*columns))
        if "domain" not in selection:
            partner_of = dict(rows)
            rows = [
                (one, partner_of[one]) for one in selection.get("ids") or [] if one in partner_of
            ]
        return list(dict.fromkeys(partner_id for _id, partner_id in rows if partner_id))

    # ---- Planning -----------------------------------------------------------

    def _plan(self, partner_ids, order=None, limit=None):
        """Lay out the labels of partners.

        :param partner_ids: whom to print, as listed
        :param order: overrides the wizard's printing order
        :param limit: stop after so many labels
        :return: `Plan`
        """
        self.ensure_one()
        partners = self.env["res.partner"].browse(partner_ids)
        wanted = None if self.honorific == "own" else HONORIFIC_TEXTS[self.honorific]
        addressees = partners._atena_addressees(
            order or self.print_order, wanted, self.selection_type_id
        )
        layout = HorizontalLayout(self.format_id._geometry(), self.format_id._font_chain())
        excluding = EXCLUDING if self.print_missing else EXCLUDING | {codes.MISSING_GLYPH}
        plan = Plan([], [], [], len(partner_ids) - len(addressees))
        for one in addressees:
            if limit and len(plan.labels) >= limit:
                break
            block = layout.block(one)
            printed = excluding.isdisjoint(block.problems)
            if printed:
                plan.partner_ids.append(one.key)
                plan.labels.append(block.runs)
            for code in block.problems:
                if printed or code in excluding:
                    detail = block.missing if code == codes.MISSING_GLYPH else ""
                    plan.problems.append(Problem(one.key, code, detail, printed))
        return plan

    @api.depends(*LAID_OUT_BY)
    def _compute_plan(self):
        for wizard in self:
            plan = Plan([], [], [], 0)
            if wizard._is_printable():
                plan = wizard._plan(wizard._selected_partner_ids())
            geometry = wizard.format_id and wizard.format_id._geometry()
            count = len(plan.labels)
            wizard.label_count = count
            wizard.sheet_count = geometry.sheets(count, wizard.start_position) if count else 0
            wizard.problem_count = len({problem.partner_id for problem in plan.problems})
            wizard.summary = wizard._summary(plan)

    @api.depends(*LAID_OUT_BY)
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = False
            if wizard._is_printable():
                geometry = wizard.format_id._geometry()
                plan = wizard._plan(wizard._selected_partner_ids(), limit=geometry.per_sheet)
                chain = wizard.format_id._font_chain()
                picture = first_sheet(
                    plan.labels, geometry, chain, wizard.start_position, PICTURE_DOTS
                )
                wizard.preview = base64.b64encode(picture)

    def _is_printable(self):
        return self.format_id and self._start_is_valid()

    def _summary(self, plan):
        """Sentences on who cannot be printed and why, and whom to look at."""
        reasons = dict(
            self.env["kokyaku.label.problem"]._fields["code"]._description_selection(self.env)
        )
        people = {}
        for problem in plan.problems:
            people.setdefault((problem.printed, problem.code), []).append(problem)
        items = {False: Markup(), True: Markup()}
        for (printed, code), problems in people.items():
            characters = "".join(dict.fromkeys("".join(one.detail for one in problems)))
            if len(characters) > SHOWN_CHARACTERS:
                characters = characters[:SHOWN_CHARACTERS] + "…"
            line = self.env._("%(reason)s: %(count)s", reason=reasons[code], count=len(problems))
            if characters:
                line = self.env._("%(what)s (%(characters)s)", what=line, characters=characters)
            items[printed] += Markup("<li>%s</li>") % line
        if plan.hidden:
            items[False] += Markup("<li>%s</li>") % self.env._(
                "Deleted, or not visible to you: %s", plan.hidden
            )
        titles = {
            False: self.env._("Not printed"),
            True: self.env._("Printed, but please check"),
        }
        return Markup().join(
            Markup("<div><strong>%s</strong><ul class='mb-2'>%s</ul></div>")
            % (titles[key], items[key])
            for key in (False, True)
            if items[key]
        )

    # ---- Printing -----------------------------------------------------------

    def action_print(self):
        """印刷: the PDF in a new tab; a large print is queued and worked off by the cron."""
        self.ensure_one()
        plan = self._plan(self._selected_partner_ids())
        if not plan.labels:
            raise UserError(
                self.env._("None of these people can be printed. The list below says why.")
            )
        if len(plan.labels) > DIRECT_LIMIT:
            return self._enqueue_print(plan.partner_ids)
        painter = self._painter()
        for runs in plan.labels:
            painter.add(runs)
        self.pdf = base64.b64encode(painter.finish())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/pdf/{quote(self._file_name())}",
            "target": "new",
            "close": True,
        }

    def _painter(self):
        return SheetPainter(
            self.format_id._geometry(),
            self.format_id._font_chain(),
            start=self.start_position,
            outlines=self.outlines,
            title=self.env._("Address labels"),
        )

    def _file_name(self):
        today = fields.Date.context_today(self)
        return self.env._("Address labels") + f"_{today:%Y%m%d}.pdf"

    # ---- Around it ----------------------------------------------------------

    def action_problems(self):
        """確認する人: list everyone who is not printed or should be looked at, with the reason."""
        self.ensure_one()
        plan = self._plan(self._selected_partner_ids())
        problem_model = self.env["kokyaku.label.problem"]
        problem_model.search([("wizard_id", "=", self.id)]).unlink()
        problem_model.create(
            [{"wizard_id": self.id, **problem._asdict()} for problem in plan.problems]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Labels to Check"),
            "res_model": "kokyaku.label.problem",
            "view_mode": "list",
            "domain": [("wizard_id", "=", self.id)],
            "target": "current",
        }

    def action_test_page(self):
        """テストページ of the chosen label sheet."""
        self.ensure_one()
        return self.format_id.action_test_page()
