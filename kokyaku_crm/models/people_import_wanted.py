from dataclasses import dataclass, field

from markupsafe import Markup, escape

from odoo import api, models

from ..naming import fold_text
from .people_import_masters import CODES, NAMES, SEVERAL, words_of

PLACE = ("zip", "city", "street", "street2")
SAME_NAME = {"ref": "ref", "member_number": "member_number", "function": "function",
             "fax": "fax", "email": "email", "gender": "gender", "birthdate": "birthdate",
             "mobile": "mobile_phone", "phone": "phone"}  # fmt: skip
PERSON_NAME = ("name", "family_name", "given_name")
KANA = ("kana", "family_kana", "given_kana")
CONSENTS = {"consent_email": "email", "consent_post": "post", "consent_phone": "phone",
            "consent_fax": "fax"}  # fmt: skip
STATES = {"yes": "allowed", "no": "refused"}


@dataclass
class Wanted:
    """What a line says about a person, in the words of the database.

    ``person``: values of res.partner; ``place``: the person's own address (of who has no
    company); ``home``: of a home address; ``company``: of the company; ``department``: its name
    there; ``links``: field → ids; ``consents``: channel → state.
    """

    person: dict = field(default_factory=dict)
    place: dict = field(default_factory=dict)
    home: dict = field(default_factory=dict)
    company: dict = field(default_factory=dict)
    department: str = ""
    links: dict = field(default_factory=dict)
    consents: dict = field(default_factory=dict)


class KokyakuImportPerson(models.Model):
    """What a line says, sorted by where it is kept: person, home, company, consents."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _wanted(self, line, masters):
        """Return the ``Wanted`` of a line.

        :param line: dict with ``values``, by the targets of ``reading``
        :param Masters masters: what the words of the file mean here
        """
        values = line["values"]
        wanted = Wanted(department=values.get("department", ""))
        self._wanted_person(wanted.person, values, masters)
        self._wanted_places(wanted, values, masters)
        for target in SEVERAL if masters.ids else ():
            ids = [masters.get(target, word) for word in words_of(target, values.get(target))]
            if ids := [one for one in ids if one]:
                wanted.links[f"{target}_ids"] = ids
        for target, channel in CONSENTS.items():
            if values.get(target) in STATES:
                wanted.consents[channel] = STATES[values[target]]
        return wanted

    @api.model
    def _wanted_person(self, person, values, masters):
        for target, fname in SAME_NAME.items():
            if values.get(target):
                person[fname] = values[target]
        is_person = not values.get("is_company") and not values.get("is_department")
        for fname in (*PERSON_NAME, *KANA) if is_person else ("name", "kana"):
            if values.get(fname):
                person[fname] = values[fname]
        if is_person:
            person["name_split_unsure"] = bool(values.get("name_unsure"))
        if values.get("is_department"):
            person["honorific"] = "onchu"
        if values.get("is_company"):
            person["is_company"] = True
        for fname in NAMES:
            if values.get(fname):
                person[fname] = values[fname]
        for target in masters.ids.keys() & CODES.keys():
            if number := masters.get(target, values.get(target)):
                person[f"{target}_id"] = number
        if values.get("note"):
            person["comment"] = str(
                Markup("<p>%s</p>") % Markup("<br>").join(map(escape, values["note"].split("\n")))
            )
        if values.get("staff") and fold_text(values["staff"]) in masters.staff:
            person["user_id"] = masters.staff[fold_text(values["staff"])]
        source = masters.get("source", values.get("source")) or masters.source_id
        if source:
            person["source_id"] = source
        if values.get("acquired_on"):
            person["acquired_on"] = values["acquired_on"]

    @api.model
    def _wanted_places(self, wanted, values, masters):
        """Sort the addresses and numbers of a line: the company's, the home, or simply theirs.

        One address beside a company is the company's, unless the import says it is the home
        (option ``address_of``), or the company has one of its own in the line; then the number
        beside the company's is the home's too.
        """
        only = self._place_of(values, "", masters)
        office = self._place_of(values, "company_", masters)
        company_name = values.get("company_name")
        if not company_name or values.get("is_company"):
            wanted.place = only or office
            phone = values.get("phone") or values.get("company_phone")
            if phone:
                wanted.person["phone"] = phone
            return
        wanted.company = {"name": company_name, **(office or {})}
        if only and (office or masters.address_of == "home"):
            wanted.home.update(only)
            if values.get("phone") and values.get("company_phone"):
                wanted.home["phone"] = values["phone"]
                wanted.person["phone"] = values["company_phone"]
        elif only:
            wanted.company.update(only)
        if not wanted.person.get("phone") and values.get("company_phone"):
            wanted.person["phone"] = values["company_phone"]
        for target, fname in (
            ("company_kana", "kana"), ("company_phone", "phone"), ("company_fax", "fax"),
        ):  # fmt: skip
            if values.get(target):
                wanted.company[fname] = values[target]

    @api.model
    def _place_of(self, values, prefix, masters):
        """An address as values of the database, {} for none. A prefecture that is none stays
        in front of the city."""
        place = {part: values[prefix + part] for part in PLACE if values.get(prefix + part)}
        state = values.get(f"{prefix}state")
        if state in masters.states:
            place["state_id"] = masters.states[state]
        elif state:
            place["city"] = f"{state}{place.get('city', '')}"
        if place:
            place["country_id"] = masters.country_id
        return place
