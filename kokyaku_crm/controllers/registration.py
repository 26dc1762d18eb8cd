from odoo.http import Controller, request, route

from . import portal_forms as forms

SPEC = {
    **forms.NAME_SPEC,
    "email": ("email", 254),
    "phone": ("phone", 30),
    **forms.ADDRESS_SPEC,
    "birthdate": ("date", 10),
}
REQUIRED = ("family_name", "given_name", "family_kana", "given_kana", "email")
TRAP = "website_url"  # a field that only programs see


class Registration(Controller):
    """会員登録: the public form, off by default."""

    def _page(self, company, form=None, errors=None, status=200):
        words = forms.choice_labels()
        return forms.answer(
            "kokyaku_crm.page_registration",
            {
                "company": company,
                "form": form or {},
                "errors": errors or {},
                "labels": forms.labels(),
                "spec": SPEC,
                "required": REQUIRED,
                "states": forms.prefectures(company),
                "choices": [
                    (f"{channel}-{purpose}", words[f"{channel}-{purpose}"])
                    for channel, purpose in forms.REGISTRATION_CHOICES
                ],
                "trap": TRAP,
            },
            status=status,
        )

    @route(
        ["/kokyaku/register", "/kokyaku/register/<int:number>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def form(self, number=None, **_query):
        company = request.env["res.company"]._registration_company(number)
        if not company:
            raise request.not_found()
        return self._page(company)

    @route(
        "/kokyaku/register/<int:number>/send",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def send(self, number, **form):
        """Take the form. What is shown does not depend on whether the e-mail is known."""
        company = request.env["res.company"]._registration_company(number)
        if not company:
            raise request.not_found()
        values, errors = forms.clean(form, SPEC, REQUIRED, company, ["state_id"])
        if not form.get("privacy"):
            errors["privacy"] = request.env._(
                "Use of Personal Data: please read the text and tick the box if you agree."
            )
        if errors:
            return self._page(company, form, errors)
        email = values.pop("email")
        values["consents"] = ",".join(
            f"{channel}:{purpose}"
            for channel, purpose in forms.REGISTRATION_CHOICES
            if form.get(f"{channel}-{purpose}")
        )
        values["lang"] = request.env.lang
        received = request.env["kokyaku.registration"]._receive(
            company, email, values, forms.client_ip(), trapped=bool(form.get(TRAP))
        )
        if not received:
            errors["form"] = request.env._(
                "Too many registrations came from your network. Please try again in an hour."
            )
            return self._page(company, form, errors, status=429)
        return forms.answer("kokyaku_crm.page_registration_sent", {"company": company})

    @route(
        "/kokyaku/register/confirm/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def confirm(self, token, **_form):
        """The link in the mail: GET asks, POST makes the member."""
        registration = request.env["kokyaku.registration"]._by_token(token)
        if not registration or registration.state == "refused":
            return forms.wrong_link()
        if request.httprequest.method == "POST":
            registration._confirm()
        return forms.answer(
            "kokyaku_crm.page_registration_confirm",
            {
                "company": registration.company_id,
                "token": token,
                "done": registration.state in ("confirmed", "linked"),
            },
        )
