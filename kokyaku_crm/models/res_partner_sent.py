from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
PAGE = 20
MAX_PAGE = 200
FEW = 3
SHOWN = (
    "execution_id set_id partner_id exclusion left_out_reason is_control sent_on kind zip_text "
    "address_text contact_text item response_type_id response_date companions response_note"
).split()


class ResPartner(models.Model):
    """実施履歴 of a person: what they were sent, where to, and what they answered."""

    _inherit = "res.partner"

    execution_line_ids = fields.One2many(
        "kokyaku.execution.line", "partner_id", string="Execution History", groups=OFFICE
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_executions(self):
        lines = self.env["kokyaku.execution.line"].sudo()
        line = lines.search([("partner_id", "in", self.ids)], limit=1)
        if line:
            raise UserError(
                self.env._(
                    "%s was sent something, and that history would be lost. Please archive the "
                    "person instead, or erase the personal data.",
                    line.partner_id.display_name,
                )
            )

    def _execution_domain(self):
        """The lines of a person, or of all people of a company, without cancelled ones."""
        self.ensure_one()
        domain = Domain("execution_id.state", "!=", "cancelled")
        if not self.is_company:
            return domain & Domain("partner_id", "=", self.id)
        people = self.sudo().with_context(active_test=False).search([("id", "child_of", self.id)])
        return domain & Domain("partner_id", "in", people.ids)

    def action_kokyaku_executions(self):
        """Open the whole history (実施履歴の一覧)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_execution_line")
        action.update(
            display_name=self.env._("Execution History of %s", self.display_name),
            domain=list(self._execution_domain()),
            context={},
        )
        return action

    @api.readonly
    def kokyaku_execution_history(self, only_sent=False, offset=0, limit=PAGE):
        """Return one page of the history, newest first, for the tab of the form.

        :param bool only_sent: leave out what they did not get
        :return: dict with ``rows``, ``count`` and ``is_company``
        """
        self.ensure_one()
        self.check_access("read")
        domain = self._execution_domain()
        if only_sent:
            domain &= Domain("sent_on", "!=", False)
        lines = self.env["kokyaku.execution.line"]
        found = lines.search_fetch(
            domain,
            SHOWN,
            offset=offset,
            limit=max(1, min(limit, MAX_PAGE)),
            order="sent_on desc nulls first, id desc",
        )
        return {
            "rows": [line._history_row() for line in found],
            "count": lines.search_count(domain),
            "is_company": self.is_company,
        }

    # ---- The glance ------------------------------------------------------------------

    def _glance_cards(self):
        """A card of what we sent last, where something was sent."""
        cards = super()._glance_cards()
        lines = self.env["kokyaku.execution.line"]
        if not lines.has_access("read"):
            return cards
        last = lines.search_fetch(
            self._execution_domain() & Domain("sent_on", "!=", False),
            ["execution_id", "sent_on", "item", "response_type_id"],
            limit=FEW,
            order="sent_on desc, id desc",
        )
        if last:
            cards.append(
                {
                    "name": "sent",
                    "title": self.env._("What We Sent"),
                    "icon": "fa-paper-plane-o",
                    "lines": [self._glance_sent(line) for line in last],
                }
            )
        return cards

    def _glance_sent(self, line):
        execution = line.execution_id
        note = line.response_type_id.name or line.item
        return self._glance_line(
            execution.name,
            label=self._glance_day(line.sent_on),
            note=note,
            target=("#kokyaku_executions",),
        )


class KokyakuExecutionLine(models.Model):
    _inherit = "kokyaku.execution.line"

    def _history_row(self):
        """This line as the person's tab shows it."""
        execution = self.execution_id
        labels = dict(self._selection_exclusion())
        channels = dict(execution._fields["channel"]._description_selection(self.env))
        if self.exclusion:
            reason = labels.get(self.exclusion, self.exclusion)
            if self.left_out_reason:
                reason = f"{reason} {self.left_out_reason}"
            state = self.env._("Left out: %s", reason)
        elif self.is_control:
            state = self.env._("Not sent, for comparison")
        else:
            state = False if self.sent_on else self.env._("Not sent yet")
        address = " ".join(filter(None, (self.zip_text, *(self.address_text or "").split("\n"))))
        return {
            "id": execution.id,
            "date": self.sent_on or execution.date,
            "name": execution.name,
            "channel": channels.get(execution.channel),
            "partner": self.partner_id.sudo().name,
            "state": state,
            "item": self.item or "",
            "to": self.contact_text if execution.channel != "post" else address,
            "kind": self.kind if execution.channel == "post" else False,
            "answer": self.response_type_id.name,
            "answer_date": self.response_date,
            "companions": self.companions,
            "note": self.response_note,
        }
