from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route
from odoo.tools import email_normalize, plaintext2html

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.kokyaku_consent import CHANNELS
from . import portal_forms as forms

# Whatever else is sent is not looked at.
PERSON_SPEC = {
    **forms.NAME_SPEC,
    "email": ("email", 254),
    "phone": ("phone", 30),
    "mobile_phone": ("phone", 30),
    "fax": ("phone", 30),
    "birthdate": ("date", 10),
}
COMPANY_SPEC = {name: PERSON_SPEC[name] for name in ("email", "phone", "fax")}
HOME_SPEC = {
    **{f"home_{name}": rule for name, rule in forms.ADDRESS_SPEC.items()},
    "home_phone": ("phone", 30),
}
QUESTIONS = ("disclosure", "correction", "stop", "erasure")
QUESTION_LENGTH = 1000
QUESTIONS_AN_HOUR = 10  # per person; each kind only once while it is open
# How it stands in the records of the office, whatever language the customer reads.
BASIS = "本人によるマイページでの登録"


class CustomerPage(CustomerPortal):
    """マイページ. Whose data it is follows from the login alone; no address names a record."""

    def _me(self):
        """The logged-in person's own record, with the rights of the system."""
        return request.env.user.partner_id.sudo()

    def _spec(self, me):
        """What this person may change: ``(spec, names of prefectures)``.

        The work address only when it is their own: with a company above, it is the company's.
        """
        if me.is_company:
            return COMPANY_SPEC, ()
        spec, states = {**PERSON_SPEC, **HOME_SPEC}, ["home_state_id"]
        if not me.parent_id:
            spec.update(forms.ADDRESS_SPEC)
            states.append("state_id")
        return spec, states

    def _values(self, me, **extra):
        spec, states = self._spec(me)
        home = me.home_address_ids[:1]
        form = {}
        for name in [*spec, *states]:
            record = home if name.startswith("home_") else me
            value = record[name.removeprefix("home_")]
            form[name] = value.id if name.endswith("state_id") else value or ""
        channels = dict(me._fields["preferred_channel"]._description_selection(request.env))
        return {
            **self._prepare_portal_layout_values(),
            "me": me,
            "form": form,
            "errors": {},
            "labels": forms.labels(),
            "spec": spec,
            "states": forms.prefectures(me.company_id or request.env.company),
            "choices": forms.choices(me),
            "channels": channels,
            "source": me.source_id.name,
            "acquired_on": me.acquired_on,
            "done": request.params.get("done"),
            "page_name": "kokyaku",
            **extra,
        }

    @route("/my/kokyaku", type="http", auth="user", website=True, sitemap=False, methods=["GET"])
    def kokyaku_page(self, **_query):
        return forms.answer("kokyaku_crm.page_mine", self._values(self._me()))

    @route(
        "/my/kokyaku/save", type="http", auth="user", website=True, sitemap=False, methods=["POST"]
    )
    def kokyaku_save(self, **form):
        """Correct one's own data: all of it is right and written, or nothing is."""
        me = self._me()
        spec, states = self._spec(me)
        required = () if me.is_company else ("family_name",)
        company = me.company_id or request.env.company
        values, errors = forms.clean(form, spec, required, company, states)
        new_email = self._new_email(me, values)
        if not errors:
            try:
                with request.env.cr.savepoint():
                    self._write(me, values, company)
            except (UserError, ValidationError) as error:
                errors["form"] = str(error.args[0])
        if not errors and new_email:
            if not request.env["kokyaku.change.request"]._start(me, new_email, company):
                errors["email"] = request.env._(
                    "E-Mail: too many changes within an hour. Please try again later; the rest "
                    "has been saved."
                )
        if errors:
            page = self._values(me, errors=errors)
            typed = {name: form[name] for name in page["form"] if isinstance(form.get(name), str)}
            page["form"].update(typed)
            return forms.answer("kokyaku_crm.page_mine", page)
        return request.redirect(f"/my/kokyaku?done={'email' if new_email else 'saved'}")

    def _new_email(self, me, values):
        """Take the e-mail out of what is written: a new one counts only when confirmed."""
        email = values.pop("email", False)
        return email if email and email != email_normalize(me.email) else False

    def _write(self, me, values, company):
        home = {
            name.removeprefix("home_"): values.pop(name)
            for name in list(values)
            if name.startswith("home_")
        }
        me.write({name: value for name, value in values.items() if value != self._now(me, name)})
        address = me.home_address_ids[:1]
        changes = {name: value for name, value in home.items() if value != self._now(address, name)}
        if changes and address:
            address.write(changes)
        elif any(changes.values()):
            country = company.country_id or request.env.ref("base.jp")
            address.create({**changes, "partner_id": me.id, "country_id": country.id})

    def _now(self, record, name):
        value = record[name]
        return value.id if name == "state_id" else value

    @route(
        "/my/kokyaku/choose",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def kokyaku_choose(self, **form):
        """Choose what to receive, and on which channel one likes it best."""
        me = self._me()
        forms.note_choices(me, forms.chosen(form), BASIS, "portal")
        channel = form.get("preferred_channel")
        if channel == "" or channel in dict(CHANNELS):
            if (channel or False) != me.preferred_channel:
                me.with_context(kokyaku_consent_screen="portal").preferred_channel = (
                    channel or False
                )
        return request.redirect("/my/kokyaku?done=chosen#choices")

    @route(
        "/my/kokyaku/unsubscribe",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def kokyaku_unsubscribe(self, **_form):
        forms.note_choices(self._me(), forms.no_promotion(), BASIS, "portal")
        return request.redirect("/my/kokyaku?done=unsubscribed#choices")

    @route(
        "/my/kokyaku/ask", type="http", auth="user", website=True, sitemap=False, methods=["POST"]
    )
    def kokyaku_ask(self, question=None, text=None, **_form):
        """開示等の請求: ask to be shown, corrected, stopped or erased; the office gets a task."""
        me = self._me()
        if question not in QUESTIONS:
            return request.redirect("/my/kokyaku#ask")
        company = me.company_id or request.env.company
        reader = me._kokyaku_responsible(company)
        summary = self._question(question, reader.lang)
        kind = request.env.ref("kokyaku_crm.mail_activity_privacy")
        open_already = me.activity_ids.filtered(
            lambda task: task.activity_type_id == kind and task.summary == summary
        )
        many = request.env["kokyaku.rate.limit"].sudo().hit("question", me.id) > QUESTIONS_AN_HOUR
        if not open_already and not many:
            me._kokyaku_tell(
                company,
                "mail_activity_privacy",
                summary,
                plaintext2html((text or "")[:QUESTION_LENGTH]),
            )
        return request.redirect("/my/kokyaku?done=asked#ask")

    def _question(self, question, lang):
        env = request.env.user.with_context(lang=lang).env
        return {
            "disclosure": env._("Asks to see their personal data"),
            "correction": env._("Asks to correct their personal data"),
            "stop": env._("Asks to stop the use of their personal data"),
            "erasure": env._("Asks to erase their personal data"),
        }[question]

    # ---- Core's own pages -----------------------------------------------------------------

    def _create_or_update_address(self, partner_sudo, *args, **form_data):
        """Hold core's address form to the same: one's own e-mail changes by confirmation only,
        and nobody renames the company they belong to."""
        me = request.env.user.partner_id
        if partner_sudo and partner_sudo == me:
            email = email_normalize(form_data.get("email") or "")
            if email and email != email_normalize(me.email):
                company = me.sudo().company_id or request.env.company
                request.env["kokyaku.change.request"]._start(me.sudo(), email, company)
            if "email" in form_data and me.email:
                form_data["email"] = me.email
            if me.sudo().parent_id:
                form_data.pop("company_name", None)
        return super()._create_or_update_address(partner_sudo, *args, **form_data)
