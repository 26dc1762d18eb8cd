from ast import literal_eval
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, html_escape

from ..tools import selected_domain
from .kokyaku_bulk_edit_line import ACTIVE, CONSENT

SAMPLE = 20
DRAFT_DAYS = 7  # how long bulk edits that were never carried out are kept
STATES = [("draft", "Draft"), ("checked", "Checked"), ("done", "Done"), ("undone", "Undone")]
# Partners that are not customers: they are neither archived nor brought back in bulk.
OUR_OWN = SQL("SELECT partner_id FROM res_users UNION SELECT partner_id FROM res_company")
# What only the program writes.
RESULTS = {
    "state", "user_id", "company_id", "run_id", "done_at", "undone_at", "chosen_count",
    "changed_count", "undone_count", "name",
}  # fmt: skip


class KokyakuBulkEdit(models.Model):
    """個人マスター一括編集: change many people at once, and take it back.

    Enter (draft) → see whom it hits (checked) → carry out (done) → undo (undone). How it is
    carried out stands in ``kokyaku_bulk_edit_work.py``, how it is taken back in
    ``kokyaku_bulk_edit_undo.py``. Past ones stay as a list.
    """

    _name = "kokyaku.bulk.edit"
    _description = "Bulk Edit"
    _order = "id desc"

    name = fields.Char(string="What", readonly=True, copy=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Carried Out by",
        readonly=True,
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        copy=False,
    )
    domain = fields.Char(
        string="Condition for the People",
        required=True,
        default="[('is_company', '=', False), ('type', '=', 'contact')]",
        help="The people to change, unless they were selected in a list.",
    )
    is_selection = fields.Boolean(
        string="Selected in a List", help="The people were selected in a list."
    )
    selected_text = fields.Char(string="Whom", compute="_compute_selected_text")
    line_ids = fields.One2many("kokyaku.bulk.edit.line", "edit_id", string="Changes", copy=True)
    chosen_count = fields.Integer(string="People Meant", readonly=True, copy=False)
    changed_count = fields.Integer(string="People Changed", readonly=True, copy=False)
    undone_count = fields.Integer(string="People Restored", readonly=True, copy=False)
    done_at = fields.Datetime(string="Carried Out at", readonly=True, copy=False)
    undone_at = fields.Datetime(string="Undone at", readonly=True, copy=False)
    run_id = fields.Many2one("kokyaku.run", readonly=True, copy=False, ondelete="set null")
    is_waiting = fields.Boolean(compute="_compute_is_waiting")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("name", "state")
    def _compute_display_name(self):
        for edit in self:
            edit.display_name = edit.name or self.env._("Bulk Edit")

    @api.depends("run_id.state")
    def _compute_is_waiting(self):
        for edit in self:
            edit.is_waiting = edit.sudo().run_id.state in ("queued", "running")

    @api.depends("domain", "is_selection")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_selected_text(self):
        for edit in self:
            edit.selected_text = edit.is_selection and self.env._(
                "%s people selected in the list",
                self._people().search_count(edit._people_domain()),
            )

    # ---- Entering -----------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """From a list of people: whoever is selected there."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            chosen = selected_domain(self.env["res.partner"])
            values.update(domain=repr(list(chosen)), is_selection=True)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_results(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_results(vals)
        if not self.env.su and vals:
            self._touch()
        return super().write(vals)

    def _refuse_results(self, vals):
        if RESULTS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("What a bulk edit did is written down by the program only.")
            )

    def _touch(self):
        """Someone changes what is to be done: not any more once it was done, and what was
        checked has to be checked anew."""
        for edit in self:
            if edit.state in ("done", "undone"):
                raise UserError(
                    self.env._(
                        "“%s” was carried out already, so it cannot be changed. Make a new "
                        "bulk edit instead.",
                        edit.display_name,
                    )
                )
        self.filtered(lambda edit: edit.state == "checked").sudo().state = "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        for edit in self:
            if edit.state in ("done", "undone"):
                raise UserError(
                    self.env._(
                        "“%s” was carried out and stays in the list of past bulk edits.",
                        edit.display_name,
                    )
                )

    @api.autovacuum
    def _gc_drafts(self):
        limit = fields.Datetime.now() - timedelta(days=DRAFT_DAYS)
        self.search([("state", "in", ("draft", "checked")), ("write_date", "<", limit)]).unlink()

    # ---- Whom it hits ----------------------------------------------------------------

    def _people_domain(self):
        """The domain that was entered, or a clear message."""
        try:
            domain = Domain(literal_eval(self.domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._("The condition for the people cannot be read. Please enter it anew.")
            ) from error
        return domain

    def _people(self):
        """Everybody who was meant, as far as the user sees them, archived ones too."""
        return self.env["res.partner"].with_context(active_test=False)

    def _may_write(self):
        """Domain of the partners the user may write."""
        if self.env.su:
            return Domain.TRUE
        return Domain(self.env["ir.rule"]._compute_domain("res.partner", "write"))

    def _shelf(self):
        """``archived`` or ``in_use`` when this edit archives or unarchives, else False."""
        return self.line_ids.filtered(lambda line: line.fname == ACTIVE)[:1].shelf

    def _in_view(self):
        """Domain of those an edit is for: in use, or archived when it is to bring them back."""
        return Domain("active", "=", self._shelf() != "in_use")

    def _may_be_shelved(self):
        """Domain of those who may be archived or brought back: nobody's own login, no company
        of ours."""
        if not self._shelf():
            return Domain.TRUE
        return Domain("id", "not in", SQL("(%s)", OUR_OWN))

    def _hit(self):
        """Domain of those who will be changed: in view, and the user may write them."""
        return (
            self._people_domain() & self._in_view() & self._may_write() & self._may_be_shelved()
        )

    def _left_out(self):
        """Return [(number, reason)] of those who were meant and are left out."""
        people, domain = self._people(), self._people_domain()
        active = domain & self._in_view()
        seen, in_view = people.search_count(domain), people.search_count(active)
        writable = people.search_count(active & self._may_write())
        ours = writable - people.search_count(self._hit())
        foreign = 0
        if self.is_selection:
            # Only for ids: the number behind any other condition would tell about people one
            # must not see.
            ids = {
                one
                for condition in domain.iter_conditions()
                if condition.field_expr == "id" and condition.operator == "in"
                for one in condition.value
            }
            if ids:
                there = len(self.env["res.partner"].sudo().browse(ids).exists())
                foreign = max(there - seen, 0)
        return [
            (number, reason)
            for number, reason in (
                (
                    seen - in_view,
                    self.env._("not archived")
                    if self._shelf() == "in_use"
                    else self.env._("archived"),
                ),
                (in_view - writable, self.env._("you may not change them")),
                (ours, self.env._("a user or a company of our own")),
                (foreign, self.env._("belong to another company")),
            )
            if number
        ]

    def action_check(self):
        """確認: refuse what is incomplete; count those it hits and show a sample."""
        self.ensure_one()
        self._check_rights()
        self._touch()
        self._check_lines()
        self.sudo().write(
            {"state": "checked", "chosen_count": self._people().search_count(self._hit())}
        )

    def action_back(self):
        """Back to entering."""
        self.ensure_one()
        self._check_rights()
        self._touch()

    def _check_rights(self):
        self.check_access("write")
        self.env["res.partner"].check_access("write")
        if self.line_ids.filtered(lambda line: line.fname == CONSENT):
            self.env["kokyaku.consent"].check_access("write")

    def _check_lines(self):
        if not self.line_ids:
            raise UserError(self.env._("Please enter at least one change."))
        self.line_ids._check_line()
        self.line_ids._check_complete()
        seen = set()
        for line in self.line_ids:
            key = line._key()
            if key in seen:
                raise UserError(
                    self.env._(
                        "“%s” stands there twice. Please take one of the lines out.",
                        line._field_label(),
                    )
                )
            if key:
                seen.add(key)

    # ---- What the user sees --------------------------------------------------------------

    @api.depends("state", "domain", "line_ids")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_preview(self):
        for edit in self:
            if edit.state == "checked":
                edit.preview = edit._preview()
            elif edit.state == "undone":
                edit.preview = edit._not_restored()
            else:
                edit.preview = False

    def _preview(self):
        """Numbers, who is left out, and a sample of before and after."""
        changing = self._changing_query()
        people = self._people()
        number = self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS found", changing))[0][0]
        text = self.env._(
            "%(changed)s of %(chosen)s people will change.",
            changed=number,
            chosen=self.chosen_count,
        )
        parts = [Markup("<p><b>%s</b></p>") % text]
        left = self.env._(", ").join(
            self.env._("%(number)s (%(reason)s)", number=number, reason=reason)
            for number, reason in self._left_out()
        )
        if left:
            parts.append(Markup("<p>%s</p>") % self.env._("Left out: %s", left))
        rows = self.env.execute_query(SQL("%s ORDER BY p.id LIMIT %s", changing, SAMPLE))
        sample = people.browse(one for (one,) in rows)
        if sample:
            heads = (
                self.env._("Full Name"), self.env._("Field"), self.env._("Before"),
                self.env._("After"),
            )  # fmt: skip
            parts.append(
                Markup("<table class='table table-sm'><thead><tr>%s</tr></thead>%s</table>")
                % (
                    Markup("").join(Markup("<th>%s</th>") % head for head in heads),
                    Markup("").join(self._sample_rows(person) for person in sample),
                )
            )
        return Markup("").join(parts)

    def _sample_rows(self, person):
        """The rows of one person: each field that changes, before and after."""
        texts = {}
        for line in self.line_ids:
            label = line._field_label()
            before, now = texts.get(label) or (self._text(person, line),) * 2
            texts[label] = (before, line._after(person, now))
        rows, name = Markup(""), person.display_name
        for label, values in texts.items():
            before, after = (
                self.env._(", ").join(value) if isinstance(value, list) else value
                for value in values
            )
            if before != after:
                rows += Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>") % (
                    name,
                    label,
                    before or self.env._("(empty)"),
                    after or self.env._("(empty)"),
                )
                name = ""
        return rows

    def _text(self, person, line):
        """The present value of a person as the sample shows it."""
        if line.fname == CONSENT:
            cell = person.consent_ids.filtered(
                lambda cell: (cell.channel, cell.purpose) == (line.channel, line.purpose)
            )
            parts = (line._choice("consent_state", cell.state or "unknown"), cell.basis)
            return " ".join(filter(None, parts))
        if line.fname == ACTIVE:
            return line._choice("shelf", "in_use" if person.active else "archived")
        field, value = person._fields[line.fname], person[line.fname]
        if line.is_list:
            return value.sudo().mapped("display_name")
        if field.relational:
            return value.sudo().display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return str(value or "")

    def _not_restored(self):
        """Who was left alone by the undo, because someone changed the value since."""
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, count(*) OVER () FROM kokyaku_bulk_edit_change
                    WHERE edit_id = %s AND NOT undone
                    GROUP BY partner_id ORDER BY partner_id LIMIT %s""",
                self.id,
                SAMPLE,
            )
        )
        if not rows:
            return False
        seen = self._people().search([("id", "in", [one for one, _number in rows])])
        text = self.env._(
            "%s people were left as they are: the value was changed since, or is not there "
            "any more, or you may not change them.",
            rows[0][1],
        )
        names = Markup("<br/>").join(html_escape(name) for name in seen.mapped("display_name"))
        return Markup("<p>%s</p><p>%s</p>") % (text, names)
