from odoo import http
from odoo.http import request


class LabelController(http.Controller):
    @http.route(
        "/kokyaku_mailing/label_format/<int:format_id>/test_page",
        type="http",
        auth="user",
        readonly=True,
    )
    def label_test_page(self, format_id, **_parameters):
        """テストページ of a label sheet, as PDF shown in the browser."""
        label = request.env["kokyaku.label.format"].browse(format_id).exists()
        if not label:
            raise request.not_found()
        label.check_access("read")
        content = label._test_page()
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", http.content_disposition(f"{label.name}.pdf", "inline")),
        ]
        return request.make_response(content, headers)
