"""What our public pages share: their fields, the words for mistakes, and careful answers."""

from werkzeug.datastructures import Headers

from odoo import fields
from odoo.http import request

from ..forms import clean_form

WRONG_LINKS = 30  # wrong links per hour from one IP address before we say so
NAME_SPEC = {
    "family_name": ("text", 40),
    "given_name": ("text", 40),
    "family_kana": ("kana", 60),
    "given_kana": ("kana", 60),
}
ADDRESS_SPEC = {
    "zip": ("zip", 20),
    "city": ("text", 100),
    "street": ("text", 200),
    "street2": ("text", 200),
}
# The choices on offer, in the order in which they are shown.
CONSENT_CHOICES = [
    ("email", "promotion"),
    ("post", "promotion"),
    ("phone", "promotion"),
    ("sms", "promotion"),
    ("fax", "promotion"),
    ("visit", "promotion"),
    ("post", "greeting"),
    ("email", "greeting"),
]
REGISTRATION_CHOICES = CONSENT_CHOICES[:4]


def client_ip():
    return request.httprequest.remote_addr or ""


def today():
    """The day in the office, by which a birthday lies in the past."""
    return fields.Date.context_today(request.env.user.with_context(tz="Asia/Tokyo"))


def answer(template, values=None, status=200):
    """Render a page that no cache keeps, no search engine lists and no other page frames, and
    whose address (it may be a secret link) is told to nobody."""
    response = request.render(template, {"page_name": "kokyaku", **(values or {})}, status=status)
    response.headers.update(
        Headers(
            {
                "X-Frame-Options": "SAMEORIGIN",
                "Content-Security-Policy": "frame-ancestors 'self'",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex",
                "Cache-Control": "no-store",
            }
        )
    )
    return response


def wrong_link():
    """Answer a link that is wrong or has expired, and count it. The answer is a page, not an
    exception, because that would roll the count back.

    Right links pass whatever the count: they cannot be guessed, and a mail provider that
    presses "unsubscribe" for thousands shares one address.
    """
    many = request.env["kokyaku.rate.limit"].sudo().hit("link", client_ip()) > WRONG_LINKS
    return answer("kokyaku_crm.page_wrong_link", {"many": many}, status=429 if many else 404)


def prefectures(company):
    country = company.sudo().country_id or request.env.ref("base.jp")
    return request.env["res.country.state"].sudo().search([("country_id", "=", country.id)])


def clean(form, spec, required=(), company=None, states=()):
    """Clean what was typed: ``(values, errors)``, the errors as sentences by name of field.

    :param states: names of fields that hold the id of a prefecture of `company`
    """
    values, mistakes = clean_form(form, spec, required, today())
    for name in states:
        if name not in form:
            continue
        typed = form[name] if isinstance(form[name], str) else ""
        chosen = prefectures(company).filtered(lambda state, typed=typed: str(state.id) == typed)
        values[name] = chosen.id
        if typed and not chosen:
            mistakes[name] = "prefecture"
    return values, {name: _sentence(name, code, spec) for name, code in mistakes.items()}


def labels():
    env = request.env
    return {
        "family_name": env._("Family Name"),
        "given_name": env._("Given Name"),
        "family_kana": env._("Family Name (Kana)"),
        "given_kana": env._("Given Name (Kana)"),
        "email": env._("E-Mail"),
        "phone": env._("Phone"),
        "mobile_phone": env._("Mobile Phone"),
        "fax": env._("Fax"),
        "birthdate": env._("Date of Birth"),
        "zip": env._("Postal Code"),
        "state_id": env._("Prefecture"),
        "city": env._("City and Town"),
        "street": env._("Street Number"),
        "street2": env._("Building and Room"),
    }


def _sentence(name, code, spec):
    env = request.env
    field = labels().get(name.removeprefix("home_"), name)
    limit = spec[name][1] if name in spec else 0
    cures = {
        "required": env._("%(field)s: please fill this in.", field=field),
        "long": env._(
            "%(field)s: please shorten it to %(limit)s letters.", field=field, limit=limit
        ),
        "kana": env._("%(field)s: please write it in katakana, for example ヤマダ.", field=field),
        "phone": env._(
            "%(field)s: please check the number, for example 03-1234-5678.", field=field
        ),
        "zip": env._("%(field)s: please enter seven digits, for example 150-0001.", field=field),
        "email": env._(
            "%(field)s: please check the address, for example name@example.com.", field=field
        ),
        "date": env._("%(field)s: please enter a date, for example 1980-04-01.", field=field),
        "date_range": env._(
            "%(field)s: this day cannot be right. Please check the year.", field=field
        ),
        "prefecture": env._("%(field)s: please choose one from the list.", field=field),
    }
    return cures[code]


def choice_labels():
    """The choices in plain words, ``{name in the form: sentence}``."""
    env = request.env
    return {
        "email-promotion": env._("Receive campaign news by e-mail"),
        "post-promotion": env._("Receive campaign news by post"),
        "phone-promotion": env._("Receive campaign news by phone"),
        "sms-promotion": env._("Receive campaign news by text message"),
        "fax-promotion": env._("Receive campaign news by fax"),
        "visit-promotion": env._("Receive campaign news by a visit"),
        "post-greeting": env._("Receive seasonal greetings by post"),
        "email-greeting": env._("Receive seasonal greetings by e-mail"),
    }


def choices(person):
    """The rows of the page of preferences: ``[(name, sentence, state)]``."""
    states = {(entry.channel, entry.purpose): entry.state for entry in person.consent_ids}
    words = choice_labels()
    return [
        (f"{channel}-{purpose}", words[f"{channel}-{purpose}"], states.get((channel, purpose)))
        for channel, purpose in CONSENT_CHOICES
    ]


def chosen(form):
    """What was chosen there: ``{(channel, purpose): state}``; unanswered rows are left out."""
    return {
        (channel, purpose): form[f"{channel}-{purpose}"]
        for channel, purpose in CONSENT_CHOICES
        if form.get(f"{channel}-{purpose}") in ("allowed", "refused")
    }


def no_promotion():
    return {
        (channel, purpose): "refused"
        for channel, purpose in CONSENT_CHOICES
        if purpose == "promotion"
    }


def note_choices(person, states, basis, screen):
    """Write what a person has chosen, with the time as evidence. No IP address is kept."""
    now = fields.Datetime.context_timestamp(
        person.with_context(tz="Asia/Tokyo"), fields.Datetime.now()
    )
    return person.with_context(kokyaku_consent_screen=screen)._kokyaku_set_consents(
        states, basis, f"{basis} {now:%Y-%m-%d %H:%M}"
    )
