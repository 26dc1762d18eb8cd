from odoo.http import Controller, request, route

from ..forms import mask_email
from . import portal_forms as forms

# How it stands in the records of the office, whatever language the customer reads.
BASIS = "本人による配信設定ページでの登録"
BASIS_ONE_CLICK = "本人による配信停止（メールソフトの登録解除）"


class Preferences(Controller):
    """配信設定: what a link in a mail opens without a login. It shows no personal data.

    GET changes nothing: mail scanners follow every link before a human does.
    """

    def _page(self, person, token, **values):
        company = person.company_id or request.env.company.sudo()
        return forms.answer(
            "kokyaku_crm.page_preferences",
            {
                "token": token,
                "company": company,
                "email": mask_email(person.email),
                "choices": forms.choices(person),
                **values,
            },
        )

    @route(
        "/kokyaku/preferences/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def preferences(self, token, done=None, **_query):
        person = request.env["res.partner"]._kokyaku_by_link(token)
        return self._page(person, token, done=done) if person else forms.wrong_link()

    @route(
        "/kokyaku/preferences/<string:token>/save",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def save(self, token, everything=None, **form):
        person = request.env["res.partner"]._kokyaku_by_link(token)
        if not person:
            return forms.wrong_link()
        states = forms.no_promotion() if everything else forms.chosen(form)
        forms.note_choices(person, states, BASIS, "unsubscribe")
        done = "unsubscribed" if everything else "chosen"
        return request.redirect(f"/kokyaku/preferences/{token}?done={done}")

    # A mail program presses the button: it has no session, hence no csrf token.
    @route(
        "/kokyaku/unsubscribe/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
    )
    def one_click(self, token, **_form):
        """RFC 8058. Only POST stops promotion by e-mail; GET shows the page of preferences."""
        person = request.env["res.partner"]._kokyaku_by_link(token)
        if not person:
            return forms.wrong_link()
        if request.httprequest.method != "POST":
            return request.redirect(f"/kokyaku/preferences/{token}")
        forms.note_choices(
            person, {("email", "promotion"): "refused"}, BASIS_ONE_CLICK, "unsubscribe"
        )
        return request.make_response("OK", [("Content-Type", "text/plain")])

    # ---- A new e-mail address -------------------------------------------------------------

    @route(
        "/kokyaku/email/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def email(self, token, **_form):
        """The link to a new address: GET asks, POST lets it take effect."""
        change = request.env["kokyaku.change.request"]._by_token(token)
        if not change:
            return forms.wrong_link()
        values = {"token": token, "email": mask_email(change.email), "company": change.company_id}
        if request.httprequest.method == "POST":
            change._apply()
            values["done"] = True
        return forms.answer("kokyaku_crm.page_email", values)
