from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import company_tz

NEXT_DAYS = 7  # how far the plans look ahead
STATES = [("draft", "Draft"), ("submitted", "Submitted"), ("confirmed", "Confirmed")]
# What no employee writes: what was handed in, and what the supervisor says to it.
FIXED = set(
    "state submitted_on submitted_page attachment_id supervisor_comment confirmed_by_id".split()
)


class KokyakuDailyReport(models.Model):
    """営業日報: one day of one employee.

    What happened is read live from contacts, meetings and orders. On submission the page
    is kept, on screen and as a PDF, so that what was handed in stays as it was.
    """

    _name = "kokyaku.daily.report"
    _description = "Daily Report"
    _order = "date desc, user_id, id"

    user_id = fields.Many2one(
        "res.users", string="Staff", required=True, default=lambda self: self.env.user
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    comment = fields.Text(string="Comment of the Day")
    supervisor_comment = fields.Text(string="Supervisor's Comment", copy=False)
    submitted_on = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="As Submitted", readonly=True, copy=False, ondelete="set null"
    )
    contact_ids = fields.Many2many(
        "kokyaku.contact.history", compute="_compute_day", string="Contacts of the Day"
    )
    meeting_ids = fields.Many2many("calendar.event", compute="_compute_day", string="Meetings")
    order_ids = fields.Many2many(
        "sale.order",
        compute="_compute_orders",
        string="Orders Taken",
        groups="sales_team.group_sale_salesman",
    )
    inquiry_ids = fields.Many2many(
        "kokyaku.contact.history", compute="_compute_day", string="Open Inquiries"
    )
    plan_ids = fields.Many2many("mail.activity", compute="_compute_day", string="Next Steps")
    next_meeting_ids = fields.Many2many(
        "calendar.event", compute="_compute_day", string="Next Meetings"
    )

    _day_uniq = models.Constraint(
        "UNIQUE(user_id, date, company_id)",
        "There is a daily report of this employee for this day already.",
    )

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.date or ''} {report.user_id.name or ''}"

    def _zone(self):
        return self.user_id.tz or company_tz(self.company_id)

    def _span(self):
        """Return the first and the last UTC instant of the day, in the employee's time zone."""
        zone = pytz.timezone(self._zone())
        begin, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date, self.date + timedelta(days=1))
        )
        return begin, end

    @api.depends("user_id", "date", "company_id")
    def _compute_day(self):
        for report in self:
            contacts = self.env["kokyaku.contact.history"]
            events = self.env["calendar.event"]
            activities = self.env["mail.activity"]
            report.contact_ids = report.inquiry_ids = contacts
            report.meeting_ids = report.next_meeting_ids = events
            report.plan_ids = activities
            if not report.user_id or not report.date:
                continue
            begin, end = report._span()
            ahead = end + timedelta(days=NEXT_DAYS)
            mine = [("user_id", "=", report.user_id.id), ("company_id", "=", report.company_id.id)]
            report.contact_ids = contacts.search(
                [*mine, ("date", ">=", begin), ("date", "<", end)], order="date, id"
            )
            report.inquiry_ids = contacts.search(
                [
                    ("state", "=", "open"),
                    ("company_id", "=", report.company_id.id),
                    ("responsible_id", "=", report.user_id.id),
                ],
                order="date, id",
            )
            attends = ("partner_ids", "in", report.user_id.partner_id.ids)
            report.meeting_ids = events.search(
                [attends, ("start", "<", end), ("stop", ">", begin)], order="start, id"
            )
            report.next_meeting_ids = events.search(
                [attends, ("start", ">=", end), ("start", "<", ahead)], order="start, id"
            )
            report.plan_ids = activities.search(
                [
                    ("user_id", "=", report.user_id.id),
                    ("res_model", "=", "res.partner"),
                    ("date_deadline", ">", report.date),
                    ("date_deadline", "<=", report.date + timedelta(days=NEXT_DAYS)),
                ],
                order="date_deadline, id",
            )

    @api.depends("user_id", "date", "company_id")
    def _compute_orders(self):
        for report in self:
            report.order_ids = False
            if report.user_id and report.date:
                begin, end = report._span()
                report.order_ids = self.env["sale.order"].search(
                    [
                        ("user_id", "=", report.user_id.id),
                        ("company_id", "=", report.company_id.id),
                        ("state", "=", "sale"),
                        ("date_order", ">=", begin),
                        ("date_order", "<", end),
                    ],
                    order="date_order, id",
                )

    def write(self, vals):
        if not self.env.su and not self.env.user.has_group("kokyaku_crm.group_manager"):
            if FIXED & vals.keys():
                raise UserError(self.env._("Only a manager confirms and comments on a report."))
            self._check_draft()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        manager = self.env.su or self.env.user.has_group("kokyaku_crm.group_manager")
        if not manager and any(FIXED & vals.keys() for vals in vals_list):
            raise UserError(self.env._("Only a manager confirms and comments on a report."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _check_draft(self):
        for report in self:
            if report.state != "draft":
                raise UserError(
                    self.env._(
                        "The daily report of %(name)s for %(date)s was submitted and cannot be "
                        "changed. A manager can send it back.",
                        name=report.user_id.name,
                        date=report.date,
                    )
                )

    @api.model
    def action_today(self):
        """Open the report of today of the user, made if there is none (今日の日報)."""
        return self._open_day(self.env.user, fields.Date.context_today(self), self.env.company)

    def action_previous(self):
        self.ensure_one()
        return self._open_day(self.user_id, self.date - timedelta(days=1), self.company_id)

    def action_next(self):
        self.ensure_one()
        return self._open_day(self.user_id, self.date + timedelta(days=1), self.company_id)

    def _open_day(self, user, date, company):
        key = {"user_id": user.id, "date": date, "company_id": company.id}
        report = self.search([(name, "=", value) for name, value in key.items()])
        if not report and self.has_access("create"):
            report = self.create(key)
        if not report:
            raise UserError(self.env._("There is no report for %s.", date))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Daily Report"),
            "res_model": self._name,
            "res_id": report.id,
            "views": [(False, "form")],
            "target": "main",
        }

    def action_submit(self):
        """Hand the day in: keep it as it is, and let nobody change it any more (提出)."""
        self.ensure_one()
        self._check_draft()
        self.check_access("write")
        sections = self._sections()
        self.sudo().write(
            {
                "state": "submitted",
                "submitted_on": fields.Datetime.now(),
                "submitted_page": self._page(sections),
            }
        )
        self.sudo().attachment_id = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.display_name}.pdf",
                    "raw": self._draw(sections),
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

    def action_print(self):
        """Open the page as a PDF; a submitted one as it was handed in."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/kokyaku/daily_report/{self.id}"}

    def action_confirm(self):
        """The supervisor has read it (確認)."""
        self.filtered(lambda report: report.state == "submitted").write(
            {"state": "confirmed", "confirmed_by_id": self.env.uid}
        )

    def action_send_back(self):
        """Let the employee correct a report that was submitted (差戻し)."""
        self.write(
            dict.fromkeys(["submitted_on", "submitted_page", "confirmed_by_id"], False)
            | {"state": "draft"}
        )
