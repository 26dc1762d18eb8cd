from odoo.tests import tagged

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLink(LinkingCase):
    """Sales lines without a customer find theirs by themselves, where that is sure."""

    def test_by_customer_code(self):
        [found] = self._linked({"code": "K001"})
        self.assertEqual(found, (self.tanaka, "code"))

    def test_by_member_number(self):
        self.tanaka.member_number = "M-77"
        [found] = self._linked({"code": "M-77", "name": "田中一郎"})
        self.assertEqual(found, (self.tanaka, "code"))

    def test_who_married_keeps_the_code(self):
        self.tanaka.write({"family_name": "田中", "given_name": "一郎"})
        found = self._linked(
            {"code": "K001", "name": "佐藤 一子", "kana": "タナカ イチロウ"},
            {"code": "K001", "name": "田中 一朗"},
        )
        self.assertEqual(found, [(self.tanaka, "code")] * 2)

    def test_a_code_of_another_system_does_not_link_a_stranger(self):
        [found] = self._linked({"code": "K001", "name": "別府 次郎"})
        self.assertEqual(found, self._nobody())
        link = self.links.search([("customer_code", "=", "K001")])
        self.assertEqual(link.state, "open")
        self.assertEqual(link.candidate_ids.partner_id, self.tanaka)
        self.assertEqual(link.candidate_ids.reasons, "code")

    def test_a_code_without_its_zeros_needs_the_name(self):
        zero = self.env["res.partner"].create({"name": "零戸 花子", "ref": "00042"})
        found = self._linked({"code": "42", "name": "零戸　花子"}, {"code": "42"})
        self.assertEqual(found, [(zero, "code"), self._nobody()])

    def test_two_people_with_one_code_are_told_apart_by_name(self):
        other = self.env["res.partner"].create({"name": "大橋 梅", "ref": "K001"})
        found = self._linked({"code": "K001", "name": "大橋梅"}, {"code": "K001"})
        self.assertEqual(found, [(other, "code"), self._nobody()])
        open_link = self.links.search([("state", "=", "open")])
        self.assertEqual(open_link.candidate_ids.partner_id, other | self.tanaka)

    def test_by_email(self):
        found = self._linked(
            {"email": " Ichiro@Example.com"},
            {"email": "ichiro@example.com", "name": "田中 一郎 様"},
        )
        self.assertEqual(found, [(self.tanaka, "email")] * 2)

    def test_the_family_shares_an_address_of_email(self):
        """Who orders with the husband's e-mail is offered, not linked."""
        [found] = self._linked({"email": "ichiro@example.com", "name": "田中 花子"})
        self.assertEqual(found, self._nobody())
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.reasons, "email,family")

    def test_by_phone_however_it_is_written(self):
        found = self._linked(
            {"phone": "０３（１２３４）５６７８", "kana": "タナカ イチロウ"},
            {"phone": "+81-3-1234-5678"},
        )
        self.assertEqual(found, [(self.tanaka, "phone")] * 2)

    def test_a_number_of_many_links_nobody(self):
        self.env["res.partner"].create({"name": "無 番号", "phone": "000-0000-0000"})
        [found] = self._linked({"phone": "000-0000-0000"})
        self.assertEqual(found, self._nobody())

    def test_a_shared_phone_is_decided_by_the_name(self):
        self.env["res.partner"].create({"name": "田中 花子", "phone": "03-1234-5678"})
        found = self._linked({"phone": "0312345678", "name": "田中一郎"}, {"phone": "0312345678"})
        self.assertEqual(found, [(self.tanaka, "phone"), self._nobody()])

    def test_by_name_and_postal_code_among_namesakes(self):
        self.env["res.partner"].create({"name": "田中 一郎", "zip": "980-0011"})
        found = self._linked(
            {"name": "田中一郎", "zip": "1010051"},
            {"name": "田中一郎", "address": "東京都千代田区神田神保町１丁目２番３号"},
            {"name": "田中一郎"},
        )
        self.assertEqual(
            found,
            [(self.tanaka, "name_address"), (self.tanaka, "name_address"), self._nobody()],
        )

    def test_by_the_home(self):
        self.env["kokyaku.home.address"].create(
            {"partner_id": self.tanaka.id, "zip": "248-0006", "phone": "0467-22-3333"}
        )
        self.env["res.partner"].create({"name": "田中 一郎"})
        found = self._linked(
            {"name": "田中 一郎", "zip": "248-0006"}, {"name": "田中 一郎", "phone": "0467223333"}
        )
        self.assertEqual(found, [(self.tanaka, "name_address"), (self.tanaka, "phone")])

    def test_by_name_and_company(self):
        self.env["res.partner"].create({"name": "黒木 健一"})
        [found] = self._linked({"name": "黒木健一", "company": "（株）ウィング"})
        self.assertEqual(found, (self.kuroki, "name_address"))

    def test_a_company_is_found_by_its_name(self):
        found = self._linked({"company": "㈱ウイング"}, {"name": "株式会社ウィング 御中"})
        self.assertEqual(found, [(self.wing, "name")] * 2)

    def test_by_a_name_only_one_has_unless_something_speaks_against_it(self):
        found = self._linked(
            {"name": "田中 一郎"},
            {"name": "田中 一郎", "zip": "999-9999"},
            {"name": "田中 一郎", "email": "other@example.com"},
            {"name": "田中"},
        )
        self.assertEqual(found, [(self.tanaka, "name"), *[self._nobody()] * 3])

    def test_who_is_archived_or_of_another_company_is_nobody(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.tanaka.company_id = other
        archived = self.env["res.partner"].create({"name": "古川 休", "ref": "K9"})
        archived.active = False
        found = self._linked({"code": "K001"}, {"code": "K9"})
        self.assertEqual(found, [self._nobody()] * 2)

    def test_lines_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "別会社"})
        theirs = self._lines({"code": "K001"}, import_=self._new_import(company=other))
        self._linked({"code": "K001"})
        self.assertFalse(theirs.partner_id)
        self.links._link_lines(other)
        self.assertEqual(theirs.partner_id, self.tanaka)
        self.assertEqual(self.links.search_count([]), 2)

    def test_of_namesakes_in_one_place_the_reading_decides_or_nobody(self):
        other = self.env["res.partner"].create({"name": "田中 一郎", "zip": "101-0051"})
        found = self._linked(
            {"name": "田中 一郎", "zip": "101-0051", "kana": "タナカ イチロウ", "phone": "03-1"},
            {"name": "田中 一郎", "zip": "101-0051", "address": "千代田区"},
        )
        self.assertEqual(found, [(self.tanaka, "name_address"), self._nobody()])
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.partner_id, self.tanaka | other)
        self.assertEqual(link.points, 45)
        self.assertEqual(link.candidate_ids[0].reasons, "name,zip")

    def test_the_likeliest_candidate_stands_first(self):
        other = self.env["res.partner"].create({"name": "田中 花子", "phone": "03-1234-5678"})
        self._linked({"phone": "03-1234-5678", "email": "ichiro@example.com", "name": "田中 梅"})
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.mapped("partner_id"), self.tanaka | other)
        self.assertEqual(link.candidate_ids.mapped("points"), [85, 45])
        self.assertEqual(link.points, 85)
