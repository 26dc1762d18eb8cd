from odoo.http import Controller, request, route


class DailyReport(Controller):
    """The page of a day as a PDF."""

    @route("/kokyaku/daily_report/<int:report_id>", type="http", auth="user", readonly=True)
    def page(self, report_id):
        report = request.env["kokyaku.daily.report"].search([("id", "=", report_id)])
        if not report:
            return request.not_found()
        return request.make_response(report._pdf(), [("Content-Type", "application/pdf")])
