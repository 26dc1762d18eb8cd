import json
import tempfile

from werkzeug.exceptions import InternalServerError
from werkzeug.utils import send_file

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.portfolio_workbook import DIRECT_ROWS, XLSX


class WorkbookController(http.Controller):
    @http.route("/kokyaku_portfolio/workbook", type="http", auth="user", methods=["POST"],
                readonly=True)
    def workbook(self, portfolio_id, domain="[]", **_kwargs):
        """Hand out the workbook of the customers that match; nothing of it stays behind.

        :param domain: JSON, on ``kokyaku.customer.metrics``
        """
        try:
            portfolio = request.env["kokyaku.portfolio"].browse(int(portfolio_id))
            return self._file(portfolio, json.loads(domain))
        except UserError as error:
            # The client's download() shows an error that comes like this as a dialog.
            payload = {"code": 0, "message": "Odoo Server Error",
                       "data": http.serialize_exception(error)}
            raise InternalServerError(json.dumps(payload)) from error

    def _file(self, portfolio, domain):
        if portfolio._workbook_count(domain) > DIRECT_ROWS:
            raise UserError(
                request.env._("More than %s customers leave by a background run only.",
                              f"{DIRECT_ROWS:,}")
            )
        file = tempfile.TemporaryFile()  # closed, and with that gone, when it has been sent
        try:
            portfolio._workbook(file, domain)
            file.seek(0)
            return send_file(
                file, request.httprequest.environ, mimetype=XLSX, as_attachment=True,
                download_name=portfolio._workbook_name(),
            )
        except BaseException:
            file.close()
            raise
