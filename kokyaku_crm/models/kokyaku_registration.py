from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..forms import mask_email
from ..tools import company_tz

VALID_HOURS = 24
KEPT_DAYS = 365  # how long it can be shown when and how a member confirmed
PER_EMAIL = 3  # mails per hour that one address may get
PER_IP = 20  # registrations per hour from one IP address
# What an applicant says of themselves, as it waits here for the confirmation.
NAME_FIELDS = ("family_name", "given_name", "family_kana", "given_kana")
PERSON_FIELDS = (*NAME_FIELDS, "phone", "birthdate")
HOME_FIELDS = ("zip", "state_id", "city", "street", "street2")
APPLICANT_FIELDS = (*PERSON_FIELDS, *HOME_FIELDS, "consents")
STATES = [
    ("pending", "Waiting for Confirmation"),
    ("known", "Known Already"),
    ("confirmed", "Confirmed"),
    ("linked", "Confirmed, Existing Person"),
    ("refused", "Refused"),
]
REASONS = [
    ("email_limit", "Too many from this e-mail address within an hour"),
    ("ip_limit", "Too many from one place within an hour"),
    ("trap", "Filled in by a program"),
]
# How it stands in the records of the office, whatever language the customer reads.
BASIS = "本人による会員登録（メールで確認済み）"


class KokyakuRegistration(models.Model):
    """会員登録の受付: who wants to become a member, until they have confirmed by e-mail.

    Nothing of a person exists before that. Afterwards, what they said lives on the person
    only; here remains when it was confirmed, as the proof. Of known people nothing is kept
    but the address, and of refusals not even that.
    """

    _name = "kokyaku.registration"
    _inherit = "kokyaku.link.mail.mixin"
    _description = "Member Registration"
    _order = "id desc"
    _rec_name = "email"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(STATES, required=True, readonly=True, default="pending", index=True)
    reason = fields.Selection(REASONS, readonly=True)
    email = fields.Char(string="E-Mail", readonly=True)
    family_name = fields.Char(readonly=True)
    given_name = fields.Char(readonly=True)
    family_kana = fields.Char(string="Family Name (Kana)", readonly=True)
    given_kana = fields.Char(string="Given Name (Kana)", readonly=True)
    phone = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    state_id = fields.Many2one(
        "res.country.state", string="Prefecture", readonly=True, ondelete="set null"
    )
    city = fields.Char(readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    birthdate = fields.Date(string="Date of Birth", readonly=True)
    consents = fields.Char(
        readonly=True, help="What was ticked, as channel:purpose, separated by commas."
    )
    privacy_version = fields.Char(string="Version of the Privacy Text", readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    confirmed_at = fields.Datetime(string="Confirmed", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", index="btree_not_null", readonly=True, ondelete="set null"
    )

    # ---- The form ---------------------------------------------------------------------

    @api.model
    def _receive(self, company, email, values, ip, trapped=False):
        """Take a filled-in form; whoever sent it learns the same whether the e-mail is known.

        :param company: the company one wants to be a member of
        :param email: a normalized address
        :param values: values of ``APPLICANT_FIELDS`` and ``lang``
        :param ip: where it came from; only counted
        :param trapped: whether the field that no human sees was filled in
        :return: False when there were too many from this place; else True
        """
        self = self.sudo()
        limits = self.env["kokyaku.rate.limit"]
        attempts = limits.hit("registration_ip", ip)
        if attempts > PER_IP:
            self._refuse(company, "ip_limit", first=attempts == PER_IP + 1)
            return False
        if trapped:
            self._refuse(company, "trap", first=limits.hit("registration_trap", ip) == 1)
            return True
        attempts = limits.hit("registration_email", email)
        if attempts > PER_EMAIL:
            self._refuse(company, "email_limit", attempts == PER_EMAIL + 1, mask_email(email))
            return True
        person = self._known_person(company, email)
        token, digest = self._new_token()
        registration = self.create(
            {
                "company_id": company.id,
                "email": email,
                "expires_at": fields.Datetime.now() + timedelta(hours=VALID_HOURS),
                "lang": values.get("lang"),
                **(
                    {"state": "known"}
                    if person
                    else {
                        **{name: values.get(name) for name in APPLICANT_FIELDS},
                        "privacy_version": company.sudo().registration_privacy_version,
                        "token_digest": digest,
                    }
                ),
            }
        )
        base = self.env["res.partner"].get_base_url()
        self._link_mail(
            "mail_template_registration_known" if person else "mail_template_registration",
            registration,
            email,
            company,
            lang=values.get("lang"),
            kokyaku_url=person._kokyaku_preferences_url()
            if person
            else f"{base}/kokyaku/register/confirm/{token}",
        )
        return True

    @api.model
    def _refuse(self, company, reason, first, email=False):
        """Leave one line an hour of a refusal, however many there are."""
        if first:
            self.create(
                {
                    "company_id": company.id,
                    "state": "refused",
                    "reason": reason,
                    "email": email,
                    "expires_at": fields.Datetime.now() + timedelta(hours=VALID_HOURS),
                }
            )

    @api.model
    def _known_person(self, company, email):
        """The person, not a company, who has this e-mail address already; the oldest one."""
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                Domain("email_normalized", "=", email)
                & Domain("is_company", "=", False)
                & Domain("company_id", "in", [False, company.id]),
                order="id",
                limit=1,
            )
        )

    # ---- The confirmation -------------------------------------------------------------

    def _confirm(self):
        """Make the applicant a member: a new person, or what they said noted on the known one.

        Confirming twice changes nothing. The personal data moves to the person.
        """
        self.ensure_one()
        if self.state != "pending":
            return
        # Two links of one applicant at once: the second transaction fails to serialize, is
        # tried again by the server and then finds the person of the first.
        self.env["kokyaku.rate.limit"].hit("registration_confirm", self.email)
        person = self._known_person(self.company_id, self.email)
        differences = person and self._differences(person)
        state = "linked" if person else "confirmed"
        person = person or self._create_person()
        allowed = [tuple(item.split(":")) for item in (self.consents or "").split(",") if item]
        person.with_context(kokyaku_consent_screen="registration")._kokyaku_set_consents(
            dict.fromkeys(allowed, "allowed"), BASIS, self._evidence()
        )
        if state == "confirmed":
            self._link_mail(
                "mail_template_registration_welcome",
                person,
                self.email,
                self.company_id,
                lang=self.lang,
                kokyaku_url=person._kokyaku_preferences_url(),
            )
        self._tell_the_office(person, differences)
        self.write(
            {
                **dict.fromkeys(APPLICANT_FIELDS, False),
                "email": False,
                "state": state,
                "partner_id": person.id,
                "confirmed_at": fields.Datetime.now(),
            }
        )

    def _create_person(self):
        source = self.env.ref("kokyaku_crm.source_membership", raise_if_not_found=False)
        company = self.company_id
        person = self.env["res.partner"].create(
            {
                **{name: self[name] for name in PERSON_FIELDS},
                "email": self.email,
                "lang": self.lang,
                "company_id": company.id,
                "source_id": source.id if source else False,
                "acquired_on": fields.Date.context_today(self._in_office_time()),
                "member_number": self.env["ir.sequence"]
                .with_company(company)
                .next_by_code("kokyaku.member"),
            }
        )
        home = {name: self[name] for name in HOME_FIELDS}
        if any(home.values()):
            self.env["kokyaku.home.address"].create(
                {
                    **home,
                    "state_id": self.state_id.id,
                    "partner_id": person.id,
                    "country_id": (self.state_id.country_id or company.country_id).id,
                }
            )
        return person

    def _differences(self, person):
        """What the applicant said that is not what we hold: ``[(label, said, ours)]``."""
        home = person.home_address_ids[:1]
        pairs = [(name, person) for name in PERSON_FIELDS] + [(name, home) for name in HOME_FIELDS]
        found = []
        for name, record in pairs:
            said, ours = self[name], record[name]
            if said and said != ours:
                label = self._fields[name]._description_string(self.env)
                texts = [
                    (value.display_name if name == "state_id" else str(value)) if value else ""
                    for value in (said, ours)
                ]
                found.append((label, *texts))
        return found

    def _tell_the_office(self, person, differences):
        company = self.company_id
        reader = person._kokyaku_responsible(company)
        person = person.with_context(lang=reader.lang)
        if differences:
            lines = Markup().join(
                Markup("<li>%s: %s (%s)</li>") % (label, said, ours or "–")
                for label, said, ours in differences
            )
            person._kokyaku_tell(
                company,
                "mail_activity_registration",
                person.env._("Check the data of a member registration"),
                Markup("<p>%s</p><ul>%s</ul>")
                % (
                    person.env._(
                        "Someone with this e-mail address has registered as a member. What they "
                        "wrote differs from what we have (in brackets):"
                    ),
                    lines,
                ),
            )
        elif self.state == "pending":
            person._kokyaku_tell(
                company,
                "mail_activity_registration",
                person.env._("New member registrations: please look through today's list"),
                once_a_day=True,
            )

    def _in_office_time(self):
        return self.with_context(tz=company_tz(self.company_id))

    def _evidence(self):
        """Where the consent can be proved, as it stands in the records of the office."""
        when = format_datetime(
            self.env,
            fields.Datetime.now(),
            tz=company_tz(self.company_id),
            dt_format="yyyy-MM-dd HH:mm",
        )
        version = self.privacy_version
        return f"会員登録 受付番号{self.id} {when}" + (
            f" 個人情報の取扱い {version}" if version else ""
        )

    # ---- Forgetting -------------------------------------------------------------------

    @api.autovacuum
    def _gc_registrations(self):
        """Forget whoever did not confirm within the day, and old proofs."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kokyaku_registration
                 WHERE state IN ('pending', 'known', 'refused') AND expires_at < %s
                    OR confirmed_at < %s
                """,
                now,
                now - timedelta(days=KEPT_DAYS),
            )
        )
        self.invalidate_model()
