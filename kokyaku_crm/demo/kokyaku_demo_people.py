import csv
import re
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import Command, api, models
from odoo.tools.misc import file_open

from .kokyaku_demo import QUIET, TOKYO
from .lives import Lives, Person, Text

UNSEEN = {
    **QUIET,
    "mail_activity_quick_update": True,  # nobody is told of a task
    "no_mail_to_attendees": True,
    "dont_notify": True,
}
ACTIVITY_TYPES = {
    "call": "mail.mail_activity_data_call",
    "todo": "mail.mail_activity_data_todo",
    "email": "mail.mail_activity_data_email",
}
COLLEAGUE = {
    "demo_user_fujita": "demo_user_nishimura",
    "demo_user_nishimura": "demo_user_ogawa",
    "demo_user_ogawa": "demo_user_fujita",
}
MOURNING = {  # person: (relation, days since the death)
    "demo_person_102": ("mother", 95),
    "demo_person_113": ("father", 40),
    "demo_person_062": ("father_in_law", 150),
    "demo_person_147": ("husband", 20),
}
DECEASED = {"demo_person_280": 130}
RETURNED = {"demo_person_119": 12, "demo_person_176": 45, "demo_person_221": 80}
DECLINED = ("demo_person_230", "demo_person_269", "demo_person_097")
LEFT = {  # person: (house, function, days since they left); their file knows no company any more
    "demo_person_020": ("demo_client_08_dept_1", "総務部長", 60),
    "demo_person_085": ("demo_client_36_dept_2", "総務部長", 240),
}
SECONDED = {"demo_person_058": "demo_client_20", "demo_person_081": "demo_client_25"}


class KokyakuDemo(models.AbstractModel):
    """The persons of the demo company: their work, homes, families, wishes, and what was said."""

    _inherit = "kokyaku.demo"

    @api.model
    def _load_people(self):
        """Give every person a life as ``lives.py`` draws it; once per database."""
        company = self._company()
        contacts = self.env["kokyaku.contact.history"]
        if contacts.search_count([("company_id", "=", company.id)], limit=1):
            return
        demo = self.with_context(**UNSEEN, allowed_company_ids=company.ids).with_company(company)
        demo._create_lives()

    def _create_lives(self):
        partners = self._demo_persons()
        bought = self._bought(partners.values())
        now = datetime.now(TOKYO).replace(tzinfo=None)
        with file_open("kokyaku_crm/demo/contact_texts.csv") as file:
            texts = [Text.from_row(row) for row in csv.DictReader(file)]
        houses = [f"demo_client_{number:02}" for number in range(1, 41)]
        drawn = Lives(texts, houses, now)
        lives = {
            key: drawn.of(self._facts(key, partner, bought.get(partner.id, ())))
            for key, partner in partners.items()
        }
        pairs = [(key, partners[key], life) for key, life in lives.items()]
        self._write_persons(pairs)
        self._create_affiliations(pairs)
        self._create_homes_and_families(pairs)
        self._create_consents(pairs)
        self._create_states(partners, now.date())
        self._create_contacts(pairs)
        self._create_open_matters(now)
        self._create_plans(pairs)

    def _demo(self, name):
        return self.env.ref(f"kokyaku_crm.{name}")

    def _demo_persons(self):
        """{external id: person}, in the order of the file."""
        found = self.env["ir.model.data"].search(
            [("module", "=", "kokyaku_crm"), ("name", "=like", "demo_person_%")], order="name"
        )
        persons = self.env["res.partner"].browse(found.mapped("res_id"))
        return {
            data.name: person
            for data, person in zip(found, persons, strict=True)
            if person.type == "contact"
        }

    def _bought(self, partners):
        """{person id: ((local day, product, order), …)}, newest first, of two years."""
        since = datetime.now() - timedelta(days=730)
        lines = self.env["sale.order.line"].search_fetch(
            [
                ("state", "=", "sale"),
                ("company_id", "=", self.env.company.id),
                ("price_unit", ">", 100),
                ("product_uom_qty", ">", 0),
                ("order_id.date_order", ">", since),
            ],
            ["order_id", "product_id"],
            order="order_id desc, id",
        )
        wanted = {partner.id for partner in partners}
        found, seen = defaultdict(list), set()
        for line in lines:
            order = line.order_id
            person = order.person_id or order.partner_id
            if person.id in wanted and order not in seen:
                seen.add(order)
                day = pytz.utc.localize(order.date_order).astimezone(TOKYO).date()
                found[person.id].append((day, line.product_id.name, order))
        return {
            person: tuple(sorted(rows, key=lambda row: (row[0], row[2].id), reverse=True))
            for person, rows in found.items()
        }

    def _facts(self, key, partner, bought):
        names = partner.get_external_id() | partner.parent_id.get_external_id()
        entry = partner.user_code_2_id.get_external_id().get(partner.user_code_2_id.id, "")
        return Person(
            key=key,
            female=partner.gender == "female",
            family_name=partner.family_name or partner.name,
            family_kana=partner.family_kana or "",
            birthdate=partner.birthdate or None,
            house=names.get(partner.parent_id.id, "").partition(".")[2],
            function=partner.function or "",
            entry=entry.rpartition("demo_entry_")[2],
            email=bool(partner.email),
            bought=bought,
        )

    # ---- Rows ---------------------------------------------------------------------------

    def _write_persons(self, pairs):
        """Source, interests, staff, who referred them."""
        introducers = [
            partner
            for _key, partner, life in pairs
            if self._demo("demo_personal_introducer") in partner.personal_type_ids
            and life.source != "referral"
        ]
        for number, (_key, partner, life) in enumerate(pairs):
            user = partner.user_id.get_external_id().get(partner.user_id.id, "")
            colleague = COLLEAGUE.get(user.partition(".")[2])
            values = {
                "source_id": self._demo(f"source_{life.source}").id,
                "acquired_on": life.acquired_on,
                "preferred_channel": life.preferred or False,
                "interest_ids": [
                    Command.set([self._demo(f"interest_{name}").id for name in life.interests])
                ],
            }
            if life.further_staff and colleague:
                values["staff_ids"] = [Command.set(self._demo(colleague).ids)]
            if life.source == "referral" and introducers:
                values["referrer_id"] = introducers[number % len(introducers)].id
            partner.write(values)

    def _create_affiliations(self, pairs):
        today = datetime.now(TOKYO).date()
        rows = []
        colleagues = defaultdict(list)
        for key, partner, life in pairs:
            if life.affiliations:
                colleagues[partner.commercial_partner_id].append((key, partner))
        for key, partner, life in pairs:
            others = [p for k, p in colleagues[partner.commercial_partner_id] if k != key]
            for house, function, first, last, kind in life.affiliations:
                main = kind == "regular"
                former = last and self._demo(house).commercial_partner_id
                ended = "promotion" if former == partner.commercial_partner_id else "transfer"
                rows.append(
                    {
                        "partner_id": partner.id,
                        "company_partner_id": self._demo(house).id,
                        "function": function or False,
                        "date_from": first,
                        "date_to": last,
                        "is_main": main,
                        "kind": kind,
                        "ended_by": ended if last else False,
                        "successor_id": others[0].id if ended == "promotion" and others else False,
                    }
                )
            if key in SECONDED:
                # Their company of today is where they work on secondment; they came from another.
                host = next(
                    row
                    for row in reversed(rows)
                    if row["partner_id"] == partner.id and row["is_main"] and not row["date_to"]
                )
                host["kind"] = "seconded"
                rows.append(
                    {
                        "partner_id": partner.id,
                        "company_partner_id": self._demo(SECONDED[key]).id,
                        "function": "総務部付",
                        "date_from": host["date_from"],
                        "kind": "origin",
                    }
                )
        self.env["kokyaku.affiliation"].create(rows)
        self._create_left(colleagues, today)

    def _create_left(self, colleagues, today):
        """Who retired, and who took over."""
        rows = []
        for key, (house, function, days) in LEFT.items():
            others = colleagues[self._demo(house).commercial_partner_id]
            rows.append(
                {
                    "partner_id": self._demo(key).id,
                    "company_partner_id": self._demo(house).id,
                    "function": function,
                    "date_from": today - timedelta(days=days + 3650),
                    "date_to": today - timedelta(days=days),
                    "is_main": True,
                    "ended_by": "leave",
                    "successor_id": others[0][1].id if others else False,
                    "note": "定年退職",
                }
            )
        self.env["kokyaku.affiliation"].create(rows)

    def _create_homes_and_families(self, pairs):
        """Homes lie in the streets of other persons of the demo, at another number."""
        streets = [partner for _key, partner, life in pairs if not life.affiliations]
        streets = [partner for partner in streets if partner.zip and partner.street]
        homes, families = [], []
        for _key, partner, life in pairs:
            if life.home:
                luck, number = life.home
                near = streets[int(luck * len(streets))]
                homes.append(
                    {
                        "partner_id": partner.id,
                        "country_id": near.country_id.id,
                        "zip": near.zip,
                        "state_id": near.state_id.id,
                        "city": near.city,
                        "street": re.sub(r"[\d-]+$", number, near.street),
                    }
                )
            for relation, name, kana, born, joint in life.family:
                families.append(
                    {
                        "partner_id": partner.id,
                        "relation_id": self._demo(f"relation_{relation}").id,
                        "name": name,
                        "kana": kana,
                        "birthdate": born,
                        "joint_addressee": joint,
                    }
                )
        self.env["kokyaku.home.address"].create(homes)
        self.env["kokyaku.family.member"].create(families)

    def _create_consents(self, pairs):
        rows = []
        for key, partner, life in pairs:
            if key in DECLINED:
                continue
            for channel, purpose, state, basis in life.consents:
                rows.append(
                    {
                        "partner_id": partner.id,
                        "channel": channel,
                        "purpose": purpose,
                        "state": state,
                        "basis": basis,
                        "date": life.acquired_on,
                    }
                )
        self.env["kokyaku.consent"].create(rows)

    def _create_states(self, partners, today):
        """喪中, 逝去, 宛先不明, 受取辞退: a few of each, so that every badge is seen."""
        self.env["kokyaku.mourning"].create(
            [
                {
                    "partner_id": partners[key].id,
                    "relation_id": self._demo(f"relation_{relation}").id,
                    "died_on": today - timedelta(days=days),
                    "notice_date": today - timedelta(days=days // 3),
                }
                for key, (relation, days) in MOURNING.items()
            ]
        )
        for key, days in DECEASED.items():
            partners[key].deceased_on = today - timedelta(days=days)
        for key, days in RETURNED.items():
            partners[key].returned_mail = today - timedelta(days=days)
        for key in DECLINED:
            partners[key].action_decline_promotion()

    def _create_contacts(self, pairs):
        rows = []
        for _key, partner, life in pairs:
            for text, at, words, order in life.contacts:
                at = self._utc(at)
                answered = text.kind in ("inquiry", "request", "complaint")
                rows.append(
                    {
                        "partner_id": partner.id,
                        "date": at,
                        "method_id": self._method(text.method).id,
                        "direction": text.direction,
                        "kind": text.kind,
                        "user_id": partner.user_id.id,
                        "subject": text.subject,
                        "body": words,
                        "item": "梨" if text.method == "gift" else False,
                        "duration": text.hours,
                        "order_id": order.id if order else False,
                        "state": "answered" if answered else False,
                        "answered_on": at + timedelta(hours=3) if answered else False,
                    }
                )
        self.env["kokyaku.contact.history"].create(rows)

    def _create_open_matters(self, now):
        """問合せ, 資料請求, クレーム that still wait for an answer."""
        with file_open("kokyaku_crm/demo/open_matters.csv") as file:
            matters = list(csv.DictReader(file))
        rows = []
        for matter in matters:
            partner = self._demo(matter["customer"])
            at = datetime.combine(now.date() - timedelta(days=int(matter["days_ago"])), time(9, 30))
            rows.append(
                {
                    "partner_id": partner.id,
                    "date": self._utc(min(at, now)),
                    "method_id": self._method(matter["method"]).id,
                    "direction": "in",
                    "kind": matter["kind"],
                    "user_id": partner.user_id.id,
                    "responsible_id": partner.user_id.id,
                    "subject": matter["subject"],
                    "body": matter["body"],
                }
            )
        self.env["kokyaku.contact.history"].create(rows)

    def _create_plans(self, pairs):
        """The next activities, and the meetings of the next two weeks."""
        today = datetime.now(TOKYO).date()
        activities, meetings = [], []
        for _key, partner, life in pairs:
            user = partner.user_id
            if life.activity:
                kind, summary, days = life.activity
                activities.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": partner.id,
                        "activity_type_id": self.env.ref(ACTIVITY_TYPES[kind]).id,
                        "summary": summary,
                        "date_deadline": today + timedelta(days=days),
                        "user_id": user.id,
                    }
                )
            if life.meeting:
                title, start = life.meeting
                start = self._utc(start)
                meetings.append(
                    {
                        "name": f"{partner.commercial_partner_id.name} {title}",
                        "start": start,
                        "stop": start + timedelta(hours=1),
                        "user_id": user.id,
                        "partner_ids": [Command.set((partner | user.partner_id).ids)],
                    }
                )
        self.env["mail.activity"].create(activities)
        self.env["calendar.event"].create(meetings)

    def _method(self, name):
        return self._demo(f"contact_method_{name}")

    def _utc(self, local):
        return TOKYO.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
