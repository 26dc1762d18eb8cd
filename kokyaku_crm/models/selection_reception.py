from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..reports import reception_list
from ..tools import office_today


class KokyakuSelectionExecution(models.Model):
    """受付名簿: who comes to the event, on paper for the reception desk."""

    _inherit = "kokyaku.selection.execution"

    def action_reception_list(self):
        """Open the reception list as a PDF in a new tab."""
        self.ensure_one()
        if not self.attending_count:
            raise UserError(
                self.env._(
                    "Nobody has said yet that they come to “%s”. Register the responses first.",
                    self.name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/kokyaku/reception_list/{self.id}",
            "target": "new",
        }

    def _guests(self):
        """Return who comes, in kana order.

        :return: list of dicts: company, function, name, kana, companions, note
        """
        self.check_access("read")
        for model in ("res.partner", "kokyaku.execution.line", "kokyaku.response.type"):
            self.env[model].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT CASE WHEN p.is_company THEN ''
                            ELSE COALESCE(NULLIF(l.company_text, ''), p.commercial_company_name,
                                          '') END AS company,
                       COALESCE(l.title_text, p.function, '') AS function,
                       concat_ws(' ', COALESCE(NULLIF(l.name_text, ''), p.name), l.honorific_text)
                           AS name,
                       COALESCE(p.kana, '') AS kana,
                       COALESCE(l.companions, 0) AS companions,
                       -- what they had answered before stands behind the arrow
                       COALESCE(btrim(split_part(concat(' ', l.response_note), ' ← ', 1)), '')
                           AS note
                  FROM kokyaku_execution_line l
                  JOIN kokyaku_response_type r ON r.id = l.response_type_id AND r.is_attendance
                  JOIN res_partner p ON p.id = l.partner_id
                 WHERE l.execution_id = %s
                 ORDER BY COALESCE(p.kana_sort, p.complete_name), p.ref, p.id
                """,
                self.id,
            )
        )

    def _reception_list_pdf(self):
        """Return the reception list as bytes of a PDF."""

        guests = self._guests()
        companions = sum(guest["companions"] for guest in guests)
        facts = [
            self.env._(
                "Guests: %(guests)s, companions: %(companions)s, together: %(all)s",
                guests=len(guests),
                companions=companions,
                all=len(guests) + companions,
            ),
            self.env._("Printed on: %s", format_date(self.env, office_today(self))),
        ]
        headings = [
            self.env._("No."),
            self.env._("Came"),
            self.env._("Company and Function"),
            self.env._("Guest"),
            self.env._("With"),
            self.env._("Remarks"),
        ]
        rows = [(number, *guest.values()) for number, guest in enumerate(guests, 1)]
        return reception_list.draw(
            self.env._("Reception List: %s", self.name), "\u3000\u3000".join(facts), headings, rows
        )
