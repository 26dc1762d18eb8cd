from ast import literal_eval
from base64 import b64decode, b64encode
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..reports import disclosure
from .common import KokyakuCase

NAME = "白洲 次郎丸"
TRACES = (
    NAME,
    "白洲次郎丸",
    "シラス ジロウマル",
    "jiromaru@shirasu.example",
    "03-5555-7777",
    "+81355557777",
    "090-5555-7777",
    "武相荘町8-8",
    "鶴川の自宅9-9",
    "白洲 正子丸",
    "044-555-7777",
)


class PrivacyCase(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_chart()
        env = cls.env
        cls.person = env["res.partner"].create(
            {
                "name": NAME,
                "kana": "シラス ジロウマル",
                "email": "jiromaru@shirasu.example",
                "phone": "03-5555-7777",
                "mobile_phone": "090-5555-7777",
                "country_id": env.ref("base.jp").id,
                "city": "町田市",
                "street": "武相荘町8-8",
                "birthdate": "1950-02-17",
                "ref": "K-12345",
                "comment": "<p>白洲 次郎丸様はゴルフがお好き</p>",
                "image_1920": b64encode(
                    b64decode(
                        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                        "awAAAABJRU5ErkJggg=="
                    )
                ),
                "source_id": env.ref("kokyaku_crm.source_exhibition").id,
                "acquired_on": "2025-04-01",
                "user_code_9_id": cls._code_without_label().id,
                "family_ids": [Command.create({"name": "白洲 正子丸"})],
                "home_address_ids": [
                    Command.create({"street": "鶴川の自宅9-9", "phone": "044-555-7777"})
                ],
                "affiliation_ids": [
                    Command.create({"company_partner_id": cls.wing.id, "function": "顧問"})
                ],
                "consent_ids": [
                    Command.create(
                        {
                            "channel": "email",
                            "purpose": "promotion",
                            "state": "allowed",
                            "basis": "白洲 次郎丸様の申込書",
                            "source": "jiromaru@shirasu.example より受信",
                        }
                    )
                ],
                "contact_history_ids": [
                    Command.create(
                        {
                            "company_id": cls.company.id,
                            "method_id": env["kokyaku.contact.method"]
                            .create({"code": "P-1", "name": "訪問(試験)"})
                            .id,
                            "subject": "白洲 次郎丸様を訪問",
                            "body": "ご家族の話",
                        }
                    )
                ],
                "mourning_ids": [Command.create({"deceased_name": "白洲 正子丸"})],
            }
        )
        cls.delivery = env["res.partner"].create(
            {
                "name": "白洲 次郎丸 別荘",
                "parent_id": cls.person.id,
                "type": "delivery",
                "street": "武相荘町8-8",
            }
        )

    @classmethod
    def _code_without_label(cls):
        codes = cls.env["kokyaku.user.code"].with_context(active_test=False)
        label = codes.search([("model", "=", "res.partner"), ("slot", "=", "9")])
        label = label or codes.create({"model": "res.partner", "slot": "9", "name": "地区"})
        value = cls.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "P-9", "name": "多摩地区"}
        )
        label.active = False
        return value


@tagged("post_install", "-at_install")
class TestDisclosure(PrivacyCase):
    """開示請求: everything we hold on one person."""

    def _texts(self):
        sections = self.person.with_user(self.manager).sudo()._disclosure_sections()
        return {title: rows for title, rows in sections}, str(sections)

    def test_everything_is_in_it(self):
        self._order(self.person, (self.tea, 2))
        self._order(self.delivery, (self.cup, 1))
        self.person.message_post(body="電話のメモ")
        self.env["phone.blacklist"]._add(["+819055557777"])
        sections, text = self._texts()
        for word in (
            *TRACES[2:4],
            *TRACES[7:],
            "K-12345",
            "多摩地区",
            "顧問",
            "ご家族の話",
            "申込書",
            "展示会",
            "緑茶",
            "湯呑み",
            "電話のメモ",
            "+819055557777",
        ):
            if word == "展示会":
                word = self.person.source_id.name
            self.assertIn(word, text)
        summary = dict(sections["Purchases: Summary"])
        self.assertEqual(summary["Orders"], "2")
        self.assertIn("5,", summary["Total (Tax Included)"])
        self.assertEqual(len(sections["Purchases"]), 3)

    def test_the_log_is_in_it_in_words(self):
        """What the program calls allowed is 可 to the person who asked."""
        sections, _text = self._texts()
        head, *rows = sections["Consent Log"]
        values = {row[head.index("After")] for row in rows}
        self.assertIn("Allowed", values)
        self.assertNotIn("allowed", values)

    def test_it_is_printed_and_noted(self):
        wizard = (
            self.env["kokyaku.privacy.disclosure"]
            .with_user(self.manager)
            .create({"partner_id": self.person.id, "reason": "書面 2026-04-01"})
        )
        action = wizard.action_print()
        self.assertIn("/web/content/kokyaku.privacy.disclosure/", action["url"])
        self.assertTrue(b64decode(wizard.file).startswith(b"%PDF"))
        log = self.env["kokyaku.privacy.log"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(
            (log.kind, log.user_id, log.reason), ("disclosure", self.manager, "書面 2026-04-01")
        )
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            log.reason = "x"
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            log.unlink()

    def test_long_and_awkward_texts_are_printed(self):
        rows = [("見出し", "b", "c", "d", "e", "f", "g"), *[("<&長" * 400,) * 7] * 30]
        pdf = disclosure.draw(
            "題", ["会社"], "様", "文", [("節", rows), ("二", [("a", "い\n" * 99)])]
        )
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_only_managers_disclose(self):
        for user in (self.clerk, self.analyst, self.outsider, self.portal):
            self.assertFalse(
                self.env["kokyaku.privacy.disclosure"].with_user(user).has_access("create")
            )


@tagged("post_install", "-at_install")
class TestErase(PrivacyCase):
    """消去: the person goes, the figures stay."""

    def _erase(self, user=None):
        wizard = (
            self.env["kokyaku.privacy.erase"]
            .with_user(user or self.manager)
            .create({"partner_id": self.person.id, "reason": "書面による請求", "confirmed": True})
        )
        return wizard.action_erase()

    def _found(self, traces, but=()):
        """Search every text column of every table; return where a trace was found."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT c.table_name, c.column_name
                 FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
                  AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"""
        )
        found = []
        patterns = [f"%{trace}%" for trace in traces]
        for table, column in self.env.cr.fetchall():
            if table in but:
                continue
            self.env.cr.execute(
                f'SELECT "{column}"::text FROM "{table}" WHERE "{column}"::text LIKE ANY(%s)',
                [patterns],
            )
            found += [(table, column, value[:80]) for (value,) in self.env.cr.fetchall()]
        return found

    def test_nothing_of_the_person_is_found_anywhere(self):
        order = self._order(self.person, (self.tea, 2))
        self._order(self.delivery, (self.cup, 1))
        behalf = self._order(self.wing, (self.tea, 1), person_id=self.person.id)
        behalf.message_post(body=f"{NAME}様より電話", author_id=self.person.id)
        order.message_post(
            body=f"<p>{NAME}様 ご注文ありがとうございます</p>", partner_ids=self.person.ids
        )
        order.client_order_ref = f"{NAME} 様分"
        invoice = order._create_invoices()
        self.env["calendar.event"].create(
            {
                "name": f"{NAME}様と打合せ",
                "start": "2026-10-01 01:00:00",
                "stop": "2026-10-01 02:00:00",
                "partner_ids": self.person.ids,
            }
        )
        self.env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "res_model": "res.partner",
                "res_id": self.person.id,
                "raw": NAME.encode(),
            }
        )
        self.person.activity_schedule("mail.mail_activity_data_todo", summary=f"{NAME}様に電話")
        self.person.with_context(tracking_disable=False).message_post(body=f"{NAME}様のメモ")
        self.env["res.partner.bank"].create(
            {"partner_id": self.person.id, "acc_number": "1234567", "acc_holder_name": NAME}
        )
        user = new_test_user(
            self.env, login="jiromaru@shirasu.example", groups="base.group_portal",
            partner_id=self.person.id, name=NAME, email="jiromaru@shirasu.example",
        )  # fmt: skip
        self.env["mail.blacklist"]._add("jiromaru@shirasu.example")
        self.assertTrue(self._found(TRACES))
        amount = order.amount_total
        self._erase()
        self.env.invalidate_all()
        # The blacklist keeps what must be respected, with its own history, and nothing else.
        but = ("mail_blacklist", "mail_tracking_value")
        self.assertEqual(self._found(TRACES, but), [])
        self.assertEqual(self._found([trace for trace in TRACES if "@" not in trace]), [])
        self.assertTrue(self.env["mail.blacklist"].search([("email", "like", "jiromaru")]))
        self.assertEqual(self.person.name, f"消去済 #{self.person.id}")
        self.assertTrue(self.person.complete_name.endswith(self.person.name))
        self.assertFalse(self.person.active)
        self.assertFalse(self.person.image_1920)
        self.assertFalse(self.person.birthdate)
        self.assertFalse(user.active)
        self.assertNotIn("jiromaru", user.login)
        # The figures stay.
        self.assertEqual(order.partner_id, self.person)
        self.assertEqual(order.amount_total, amount)
        self.assertEqual(behalf.person_id, self.person)
        self.assertEqual(invoice.partner_id, self.person)
        purchases = self.env["kokyaku.purchase"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(sum(purchases.mapped("amount_tax_excluded")), 6000)
        self.assertEqual(len(self.person.contact_history_ids), 1)
        self.assertEqual(self.person.consent_ids.state, "allowed")
        self.assertFalse(self.person.consent_ids.basis)
        log = self.env["kokyaku.privacy.log"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(
            (log.kind, log.user_id, log.reason), ("erasure", self.manager, "書面による請求")
        )

    def test_conditions_that_name_the_person_forget_the_name(self):
        named = repr([("name", "ilike", NAME)])
        other = repr([("name", "ilike", "山田 太郎左衛門")])
        edits = self.env["kokyaku.bulk.edit"].create([{"domain": named}, {"domain": other}])
        favourite = self.env["ir.filters"].create(
            {"name": "F", "model_id": "res.partner", "domain": named}
        )
        day = self.env["kokyaku.daily.report"].create(
            {"date": "2026-05-11", "submitted_page": f"<li>{NAME}　訪問</li>"}
        )
        self._erase()
        self.env.invalidate_all()
        self.assertIn("訪問", day.submitted_page)
        self.assertNotIn(NAME, day.submitted_page)
        for condition in (edits[0].domain, favourite.domain):
            self.assertNotIn(NAME, condition)
            [(field, _operator, _value)] = literal_eval(condition)
            self.assertEqual(field, "name", "it can still be read as a condition")
        self.assertEqual(edits[1].domain, other)

    def test_others_with_the_same_name_stay(self):
        twin = self.env["res.partner"].create(
            {"name": NAME, "email": "other@shirasu.example", "street": "武相荘町8-8"}
        )
        order = self._order(twin)
        order.client_order_ref = f"{NAME} 様分"
        self._erase()
        self.env.invalidate_all()
        self.assertEqual(twin.name, NAME)
        self.assertEqual(order.client_order_ref, f"{NAME} 様分")

    def test_short_names_are_found_but_short_words_are_not(self):
        order = self._order(self.person)
        self.person.write({"name": "林 修", "fax": "03-1", "comment": False})
        order.client_order_ref = "林修様・林　修様 03-1階"
        key = order._portal_ensure_token()
        self._erase()
        self.env.invalidate_all()
        mark = self.person.name
        self.assertEqual(order.client_order_ref, f"{mark}様・{mark}様 03-1階")
        self.assertEqual(order.access_token, key)

    def test_the_company_of_an_erased_person_stays_as_it_was(self):
        self.wing.write({"city": "港区", "street": "芝公園1-1", "phone": "03-1111-2222"})
        self.person.parent_id = self.wing
        self._erase()
        self.env.invalidate_all()
        self.assertEqual(self.wing.name, "株式会社ウィング")
        self.assertEqual((self.wing.street, self.wing.phone), ("芝公園1-1", "03-1111-2222"))
        self.assertEqual(self.person.commercial_partner_id, self.wing)
        self.assertFalse(self.person.street)

    def test_what_goes_and_stays_is_shown_first(self):
        self._order(self.person)
        wizard = (
            self.env["kokyaku.privacy.erase"]
            .with_user(self.manager)
            .create({"partner_id": self.person.id})
        )
        self.assertIn("1 further addresses", wizard.goes)
        self.assertIn("1 orders", wizard.stays)
        with self.assertRaisesRegex(UserError, "reason"):
            wizard.action_erase()
        self.assertEqual(self.person.name, NAME)

    def test_who_cannot_be_erased(self):
        for partner, words in (
            (self.company.partner_id, "our own company"),
            (self.clerk.partner_id, "own users"),
            (self.wing, "3 people"),
        ):
            with self.assertRaisesRegex(UserError, words):
                partner.with_user(self.manager)._erase("x")
        with self.assertRaises(AccessError):
            self.person.with_user(self.clerk)._erase("x")
        self.assertFalse(
            self.env["kokyaku.privacy.erase"].with_user(self.clerk).has_access("create")
        )
        self._erase()
        with self.assertRaisesRegex(UserError, "erased already"):
            self.person.with_user(self.manager)._erase("x")

    def test_who_owes_is_not_erased(self):
        order = self._order(self.person)
        invoice = order._create_invoices()
        invoice.invoice_date = date(2026, 5, 10)
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "1 unpaid"):
            self._erase()
        self.assertEqual(self.person.name, NAME)

    def test_nobody_can_log_in_any_more(self):
        user = new_test_user(
            self.env, login="jiro-portal", groups="base.group_portal", partner_id=self.person.id
        )
        self._erase()
        self.assertFalse(
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("login", "=", "jiro-portal")])
        )
        self.assertFalse(user.active)
