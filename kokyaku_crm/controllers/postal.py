from odoo.http import Controller, request, route

from ..naming import postal


class PostalCode(Controller):
    """郵便番号から住所, for the public forms: what anybody may read in the post's own book."""

    @route(
        "/kokyaku/postal/<string:typed>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def look_up(self, typed):
        """Answer with prefecture, city and town of a postal code, as JSON.

        :param typed: the code in any notation
        :return: ``code``, ``state_id``, ``city`` and ``town``, empty where unknown, and
            ``message``: a gentle word when the code is half-typed, unknown or of several places
        """
        book = request.env["kokyaku.postal.mixin"].sudo()
        try:
            place, message = book._postal_look_up(typed)
        except postal.PackageMissing:
            place = message = None  # nothing that the customer could mend
        return request.make_json_response(
            {
                "code": postal.format_code(typed) or "",
                "state_id": place and place.prefecture and book._postal_state(place).id,
                "city": place and place.city,
                "town": place and place.town,
                "message": message or "",
            },
            headers={"X-Robots-Tag": "noindex"},
        )
