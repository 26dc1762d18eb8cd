from odoo import http
from odoo.http import request

from ..atena.testpage import test_page


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
        _ = request.env._
        content = test_page(
            label._geometry(),
            label._font_chain(),
            label.name,
            [
                _("Print at 100 % (actual size), not “fit to page”."),
                _("Lay a ruler on the scale: 100 mm must measure 100 mm."),
                _("Hold it against a label sheet; enter the difference as correction."),
            ],
        )
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", http.content_disposition(f"{label.name}.pdf", "inline")),
        ]
        return request.make_response(content, headers)
