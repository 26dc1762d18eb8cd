from werkzeug.exceptions import BadRequest, Forbidden

from odoo import http
from odoo.http import request

from ..models.res_partner_phone_link import as_active_id
from ..naming import fold_phone


class PhoneLink(http.Controller):
    """着信ポップアップ (CTI): a link with a phone number opens its person."""

    @http.route(
        ["/kokyaku/phone/<path:number>", "/kokyaku/phone"],
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def open_phone(self, number="", **_words):
        """Open the one with this number, the list of several, or a new person with it.

        :param number: in any notation: 03-1234-5678, +81312345678; as part of the path, or as
            ``?number=``
        """
        if not request.env.user._is_internal():
            raise Forbidden
        if number.startswith(" "):
            number = number.replace(" ", "+", 1)  # what a query makes of a bare +
        digits = fold_phone(number).partition("\n")[0]
        if not 4 <= len(digits) <= 15:
            raise BadRequest(request.env._("“%s” is no phone number.", number))
        found = request.env["res.partner"].search([("phone_link", "=", as_active_id(digits))])
        if len(found) == 1:
            path = f"kokyaku-{'companies' if found.is_company else 'persons'}/{found.id}"
        elif found:
            path = f"{as_active_id(digits)}/action-kokyaku_crm.action_phone_people"
        else:
            path = f"{as_active_id(digits)}/action-kokyaku_crm.action_phone_new/new"
        return request.redirect(f"/odoo/{path}")
