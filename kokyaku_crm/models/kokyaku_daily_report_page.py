import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..reports.daily_report import draw


class KokyakuDailyReport(models.Model):
    """The page of 営業日報: on paper, and as it was handed in on screen."""

    _inherit = "kokyaku.daily.report"

    submitted_page = fields.Html(string="The Day as Submitted", readonly=True, copy=False)

    def _pdf(self):
        self.ensure_one()
        kept = self.sudo().attachment_id if self.state != "draft" else None
        return kept.raw if kept else self._draw(self._sections())

    def _sections(self):
        """The page of the day: pairs of a heading and its lines of text."""

        def clock(moment, pattern="%H:%M"):
            local = pytz.utc.localize(moment).astimezone(pytz.timezone(self._zone()))
            return local.strftime(pattern)

        def words(*parts):
            return "　".join(part for part in parts if part)

        day = "%m/%d %H:%M"
        sections = [
            (
                self.env._("Contacts of the Day"),
                [
                    words(
                        clock(contact.date),
                        contact.partner_id.display_name,
                        contact.method_id.name,
                        contact.subject,
                    )
                    + (f"\n{contact.body}" if contact.body else "")
                    for contact in self.contact_ids
                ],
            ),
            (
                self.env._("Meetings"),
                [words(clock(event.start), event.display_name) for event in self.meeting_ids],
            ),
        ]
        if self.env["sale.order"].has_access("read"):
            orders = [
                words(
                    order.name,
                    order.partner_id.display_name,
                    order.currency_id.format(order.amount_total),
                )
                for order in self.order_ids
            ]
            sections.append((self.env._("Orders Taken"), orders))
        sections += [
            (
                self.env._("Open Inquiries"),
                [
                    words(
                        format_date(self.env, inquiry.due_date),
                        inquiry.partner_id.name,
                        inquiry.subject,
                    )
                    for inquiry in self.inquiry_ids
                ],
            ),
            (
                self.env._("Next Steps"),
                [
                    words(format_date(self.env, plan.date_deadline), plan.res_name, plan.summary)
                    for plan in self.plan_ids
                ]
                + [words(clock(event.start, day), event.name) for event in self.next_meeting_ids],
            ),
            (self.env._("Comment of the Day"), [self.comment] if self.comment else []),
        ]
        return sections

    def _draw(self, sections):
        """The day as a PDF."""
        title = [self.env._("Daily Report"), format_date(self.env, self.date), self.user_id.name]
        return draw("\u3000".join(filter(None, title)), sections)

    @api.model
    def _page(self, sections):
        """The day for the screen."""
        return Markup().join(
            Markup("<h4>%s</h4><ul>%s</ul>")
            % (
                heading,
                Markup().join(
                    Markup("<li>%s</li>") % Markup("<br/>").join(line.split("\n"))
                    for line in lines or ["－"]
                ),
            )
            for heading, lines in sections
        )
