from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain
from odoo.tools import SQL, format_date

from ..codes.line_code import id_of
from ..tools import office_today
from .selection_results import PEOPLE

MANY_EXECUTIONS = 60
MANY_FOUND = 8
BEFORE = (
    "response_type_id",
    "response_date",
    "companions",
    "response_note",
    "response_source",
    "response_uid",
)


class KokyakuSelectionExecution(models.Model):
    """応答登録: what the screen asks for, where answers are typed or read one by one.

    Each answer comes back as a dict ``entered``: id, name, company, response, companions,
    ``said`` (new, changed, same), ``warning`` (what is odd about it), ``before`` (to undo it).
    """

    _inherit = "kokyaku.selection.execution"

    def action_respond(self):
        """Open the screen for the answers to this execution."""
        self._check_answerable()
        return {
            "type": "ir.actions.client",
            "tag": "kokyaku_responses",
            "name": self.env._("Response Registration"),
            "context": {"default_execution_id": self.id},
        }

    def action_responses(self):
        """Open who answered."""
        return self._open_lines(
            self.env._("Responses"), Domain(PEOPLE["answered"])
        )

    def _open_lines(self, name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_execution_line")
        domain = Domain("execution_id", "in", self.ids) & domain
        return {**action, "display_name": name, "domain": list(domain), "context": {}}

    @api.model
    @api.readonly
    def respond_screen(self, execution_id=None):
        """Return what the screen needs before the first answer: the executions to choose from
        (the newest), the kinds of answers, and today."""
        domain = Domain("state", "!=", "cancelled")
        recent = self.search(domain, limit=MANY_EXECUTIONS)
        if execution_id:
            recent |= self.search(domain & Domain("id", "=", execution_id))
        types = self.env["kokyaku.response.type"].search([("is_no_answer", "=", False)])
        return {
            "today": Date.to_string(office_today(self)),
            "can_enter": self.env["kokyaku.execution.line"].has_access("write"),
            "executions": [execution._respond_summary() for execution in recent],
            "types": types.read(["name", "is_attendance", "is_returned"]),
        }

    def _respond_summary(self):
        day = format_date(self.env, self.date) if self.date else ""
        return {
            "id": self.id,
            "name": " ".join(filter(None, (day, self.name))),
            "sent": self.sent_count,
            "answers": self.response_count,
            "attending": self.attending_count,
            "companions": self.companion_count,
        }

    @api.readonly
    def respond_find(self, text):
        """Find who may be meant by a name, a customer code, a phone number …

        :return: list of dicts: those of the execution first (``line_id``), then others who
            can be added (``line_id`` is False)
        """
        self.ensure_one()
        text = (text or "").strip()
        if not text:
            return []
        partners = self.env["res.partner"]
        ours = Domain("company_id", "in", [False, self.company_id.id])
        named = ours & (Domain("ref", "=", text) | Domain("display_name", "ilike", text))
        lines = self.env["kokyaku.execution.line"].search(
            [("execution_id", "=", self.id), ("partner_id", "in", partners._search(named))],
            limit=MANY_FOUND,
        )
        addressed = SQL(
            "(SELECT partner_id FROM kokyaku_execution_line WHERE execution_id = %s)", self.id
        )
        others = partners.search(
            named & Domain("type", "=", "contact") & Domain("id", "not in", addressed),
            limit=max(2, MANY_FOUND - len(lines)),
        )
        found = [
            {
                **self._respond_person(line.partner_id),
                "line_id": line.id,
                "response": line.response_type_id.name or "",
            }
            for line in lines
        ]
        found += [{**self._respond_person(one), "line_id": False, "response": ""} for one in others]
        return sorted(found, key=lambda one: (not one["line_id"], one["ref"] != text))

    def respond_enter(self, person, answer, source="manual"):
        """Enter the answer of one person; who was not addressed joins as a late addition.

        :param int person: the id of the ``res.partner``
        :param dict answer: type_id, date, companions, note
        :return: ``entered`` (see the class)
        """
        self._check_answerable()
        line = self.env["kokyaku.execution.line"].search(
            [("execution_id", "=", self.id), ("partner_id", "=", person)]
        )
        added = not line
        if added:
            line = self._answered_unaddressed(self._person_in(person, self.company_id))
        return self._respond_one(line, answer, source, added)

    def respond_scan(self, code, answer):
        """Enter the answer of the piece whose code was read. A misread code, or one of another
        execution, changes nothing.

        :return: ``entered`` (see the class), or {"error": message}
        """
        self._check_answerable()
        try:
            line = self.env["kokyaku.execution.line"].search([("id", "=", id_of(code))])
        except ValueError:
            return {"error": self.env._("“%s” is no code, or it was misread. Read it again.", code)}
        if not line:
            return {"error": self.env._("Nothing was ever sent with the code “%s”.", code)}
        if line.execution_id != self:
            return {
                "error": self.env._(
                    "%(person)s: this piece belongs to “%(other)s”. Nothing was registered.",
                    person=line.name_text or line.partner_id.name,
                    other=line.execution_id.name,
                )
            }
        return self._respond_one(line, answer, "code")

    def respond_undo(self, line_id, before):
        """Take the last answer of a line back, as if it had never been entered.

        :param dict before: as it came with ``entered``; empty: the person was added by it
        :return: the summary of the execution
        """
        self._check_answerable()
        line = self.env["kokyaku.execution.line"].search(
            [("id", "=", line_id), ("execution_id", "=", self.id)]
        )
        if line.response_type_id.is_returned:
            self._forget_returned([(line.partner_id.id, line.response_date)])
        if before:
            line.write({fname: before.get(fname, False) for fname in BEFORE})
        elif line.is_late and not line.sent_on and not line.printed_at:
            line.sudo().unlink()  # never sent: only the answer had made it
        self._count_responses()
        return self._respond_summary()

    def _respond_one(self, line, answer, source, added=False):
        response_type = self.env["kokyaku.response.type"].browse(answer.get("type_id")).exists()
        if not response_type:
            raise UserError(self.env._("Please choose the response first."))
        before = line.read(BEFORE, load="_classic_write")[0]
        said = line._respond(
            response_type,
            Date.to_date(answer.get("date")),
            int(answer.get("companions") or 0),
            (answer.get("note") or "").strip(),
            source,
        )[line.id]
        return {
            "id": line.id,
            **self._respond_person(line.partner_id),
            "response": response_type.name,
            "companions": line.companions,
            "said": said,
            "warning": self._respond_warning(line, said, added),
            "before": {} if added else before,
            "summary": self._respond_summary(),
        }

    def _respond_warning(self, line, said, added):
        """What the clerk should know about this answer, or an empty text."""
        if added:
            return self.env._("Was not addressed: added to the execution.")
        if said == "same":
            return self.env._("Was registered like this before: nothing changed.")
        if line.exclusion:
            return self.env._("Was left out of this execution, but answered.")
        if line.is_control:
            return self.env._("Is in the group for comparison, but answered.")
        if said == "changed":
            return self.env._("Had answered otherwise before: %s", line.response_note or "")
        return ""

    def _answered_unaddressed(self, partners):
        """Take in people who answered, or came along, without being addressed (one statement).

        :param partners: ``res.partner`` ids or records, which the user may see
        :return: their new lines: late additions to which nothing was sent, and is not to be
        """
        self._check_answerable()
        lines = self.env["kokyaku.execution.line"]
        self.env["res.partner"].flush_model()
        lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO kokyaku_execution_line
                       (execution_id, set_id, company_id, partner_id, is_late, exclusion,
                        late_reason, user_id, name_text, company_text, title_text,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(execution)s, %(set)s, %(company)s, p.id, TRUE, 'unasked', %(reason)s,
                       p.user_id, p.name, COALESCE(p.commercial_company_name, c.name), p.function,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM res_partner p
                  LEFT JOIN res_partner c ON c.id = p.parent_id
                 WHERE p.id = ANY(%(partners)s)
                    ON CONFLICT (execution_id, partner_id) DO NOTHING
             RETURNING id
                """,
                execution=self.id,
                set=self.set_id.id,
                company=self.company_id.id,
                reason=self.env._("answered without being addressed"),
                uid=self.env.uid,
                partners=getattr(partners, "ids", partners),
            )
        )
        self.invalidate_recordset(["line_ids"])
        return lines.browse(row[0] for row in rows)

    def _person_in(self, person, company):
        """Return the person that was chosen on the screen, if the company may know them."""
        domain = [("id", "=", person), ("company_id", "in", [False, company.id])]
        partner = self.env["res.partner"].search(domain)
        if not partner:
            raise UserError(self.env._("This person is not there any more. Please search again."))
        return partner

    def _respond_person(self, partner):
        """One person as a line of the screen for answers."""
        houses = dict.fromkeys((partner.commercial_company_name, partner.parent_id.name))
        return {
            "partner_id": partner.id,
            "name": partner.name or "",
            "ref": partner.ref or "",
            "company": " ".join(house for house in houses if house and house != partner.name),
            "place": "".join(filter(None, (partner.state_id.name, partner.city))),
        }
