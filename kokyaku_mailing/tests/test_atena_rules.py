from odoo.tests import BaseCase

from ..atena import addressee, codes, honorific, text


class TestText(BaseCase):
    """What people type into addresses."""

    def test_postal_codes_as_they_are_typed(self):
        for typed, expected in (
            ("1000013", ("100-0013", True)),
            ("100-0013", ("100-0013", True)),
            ("〒100-0013", ("100-0013", True)),
            ("〒 １００－００１３", ("100-0013", True)),
            ("１０００ー０１３", ("100-0013", True)),
            ("064", ("064", False)),
            ("SW1A 1AA", ("SW1A 1AA", False)),
            ("", ("", False)),
            (None, ("", False)),
            ("〒", ("", False)),
        ):
            self.assertEqual(text.postal_code(typed), expected, typed)

    def test_cleaning_keeps_the_characters_of_names(self):
        kept = "髙﨑 𠮷男 神社 ㈱ ｶﾌﾞ Ａ１ \ue000"
        self.assertEqual(text.clean(kept), kept)

    def test_cleaning_takes_out_what_breaks_a_line(self):
        self.assertEqual(text.clean("  山田\r\n 太郎\t様\u200b "), "山田 太郎 様")
        self.assertEqual(text.clean("丸田ビル \u3000 4階"), "丸田ビル\u30004階")

    def test_kana_of_a_mac_are_composed(self):
        self.assertEqual(text.clean("ガ\u3000テ\u3099スト"), "ガ\u3000デスト")

    def test_nothing_is_lost_when_a_line_is_broken(self):
        widths = dict.fromkeys("", 1.0)

        class Em(dict):
            def __missing__(self, char):
                return 1.0

        for line in (
            "新潟県柏崎市小倉町二丁目十五番三号マンション柏崎グランドレジデンス南館",
            "Supercalifragilisticexpialidocious Street 12345-67890",
            "あーーーーーーーーーーーーーーーーー",
            "（（（（（（（（（（（（（",
        ):
            for limit in (1.0, 3.0, 7.5, 100.0):
                lines = text.wrap(line, Em(widths), limit)
                self.assertEqual("".join(lines).replace(" ", ""), line.replace(" ", ""))
                self.assertTrue(all(len(one) <= max(limit, 1) for one in lines), (lines, limit))

    def test_lines_break_where_a_typesetter_would(self):
        class Em(dict):
            def __missing__(self, char):
                return 1.0

        self.assertEqual(
            text.wrap("グランドタワー仙台一番町", Em(), 9.0), ["グランドタワー", "仙台一番町"]
        )
        self.assertEqual(text.wrap("右京塚3丁目-20-5号棟", Em(), 8.0)[0], "右京塚")
        for line in text.wrap("コーポレーションコーポレーション", Em(), 7.0):
            self.assertNotIn(line[0], "ーョ")

    def test_a_name_does_not_leave_one_character_on_the_last_line(self):
        class Em(dict):
            def __missing__(self, char):
                return 1.0

        name = "北日本共同組合連合会議所"
        self.assertEqual([len(line) for line in text.wrap(name, Em(), 11.0)], [11, 1])
        lines = text.wrap_evenly(name, Em(), 11.0)
        self.assertEqual("".join(lines), name)
        self.assertEqual([len(line) for line in lines], [6, 6])


class TestHonorific(BaseCase):
    """様, 御中, 先生: one, and the right one."""

    def test_one_honorific_and_never_two(self):
        for organisation, typed, own, wanted, expected in (
            (False, "", None, None, "様"),
            (True, "", None, None, "御中"),
            (True, "様", None, None, "御中"),
            (True, "", "様", None, "御中"),
            (False, "御中", None, None, "様"),
            (False, "先生", None, None, "先生"),
            (False, "様", "先生", None, "先生"),
            (False, "", "先生", "様", "様"),
            (True, "", None, "様", "御中"),
            (True, "", None, "先生", "御中"),
            (False, "", None, "御中", "様"),
            (False, "", "各位", None, "各位"),
            (True, "", None, "各位", "各位"),
            (False, "各位", None, None, "各位"),
            (False, "", "", None, ""),
            (True, "", "", None, ""),
            (True, "", None, "", ""),
            (False, "様", "先生", "", ""),
        ):
            got = honorific.choose(organisation, typed, own, wanted)
            self.assertEqual(got, expected, (organisation, typed, own, wanted))

    def test_honorifics_typed_behind_the_name(self):
        for name, expected in (
            ("山田 太郎 様", ("山田 太郎", "様")),
            ("山田太郎さま", ("山田太郎", "様")),
            ("山田先生", ("山田", "先生")),
            ("株式会社丸田商店御中", ("株式会社丸田商店", "御中")),
            ("お客様各位", ("お客様", "各位")),
            ("お客様", ("お客様", "")),
            ("真殿", ("真殿", "")),
            ("真殿 殿", ("真殿", "殿")),
            ("営業部 行", ("営業部", "")),
            ("山田 太郎", ("山田 太郎", "")),
            ("様", ("様", "")),
        ):
            self.assertEqual(honorific.split(name), expected)

    def test_departments_are_not_taken_for_people_nor_people_for_departments(self):
        for name in (
            *("総務部", "外商部", "情報システム部", "経理課", "配送係", "物流センター"),
            *("大阪支店", "別館", "東日本事業本部", "品質管理室長代理窓口"),
        ):
            self.assertTrue(honorific.is_department(name), name)
        for name in (
            "阿部",
            "服部",
            "渡部",
            "長谷部",
            "日下部",
            "長曽我部",
            "山田",
            "氷室",
            "江本",
        ):
            self.assertFalse(honorific.is_department(name), name)


class TestAddressee(BaseCase):
    """The fields of a master made into one address."""

    def make(self, **fields):
        return addressee.make(1, **{"name": "山田 太郎", "city": "千代田区", **fields})

    def test_what_was_typed_twice_is_printed_once(self):
        for state, city, street, expected in (
            ("東京都", "千代田区", "霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("東京都", "東京都千代田区", "霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("東京都", "千代田区", "東京都千代田区霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("東京都", "千代田区", "千代田区霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("", "", "東京都千代田区霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("", "千代田区", "東京都千代田区霞が関1-3-2", "東京都千代田区霞が関1-3-2"),
            ("京都府", "京都市", "中京区", "京都府京都市中京区"),
            ("神奈川県", "", "神奈川県横浜市1", "神奈川県横浜市1"),
        ):
            region, rest = addressee.region_and_street(state, city, street)
            self.assertEqual(region + rest, expected)

    def test_contradicting_prefectures_are_both_shown_rather_than_one_dropped(self):
        self.assertEqual(
            addressee.region_and_street("大阪府", "", "東京都千代田区1"),
            ("大阪府", "東京都千代田区1"),
        )

    def test_no_address_is_found_out(self):
        for fields in ({"city": ""}, {"city": None, "state": "北海道"}, {"city": " "}):
            self.assertIn(codes.NO_ADDRESS, self.make(**fields).problems)
        self.assertNotIn(codes.NO_ADDRESS, self.make(street="1-1").problems)

    def test_postal_codes_missing_or_odd(self):
        self.assertEqual(self.make(postal="").problems, [codes.NO_POSTAL_CODE])
        self.assertEqual(self.make(postal="064").problems, [codes.ODD_POSTAL_CODE])
        self.assertEqual(self.make(postal="064-0001").problems, [])

    def test_a_company_is_not_printed_twice(self):
        made = self.make(name="株式会社丸田商店", company="株式会社丸田商店", organisation=True)
        self.assertEqual(
            (made.company, made.name, made.honorific), ("", "株式会社丸田商店", "御中")
        )

    def test_a_variant_is_printed_in_its_basic_form_and_said(self):
        made = self.make(name="葛\U000e0100城", postal="1000001")
        self.assertEqual(made.name, "葛城")
        self.assertEqual(made.problems, [codes.VARIANT_GLYPH])

    def test_a_foreign_address_has_no_japanese_honorific_of_its_own(self):
        foreign = {"foreign_lines": ("10 Downing Street", "LONDON", "UNITED KINGDOM")}
        self.assertEqual(self.make(name="John Smith", **foreign).honorific, "")
        self.assertEqual(self.make(name="田中 一郎", **foreign).honorific, "様")
        self.assertEqual(self.make(name="Acme Ltd", organisation=True, **foreign).honorific, "")
        self.assertEqual(
            self.make(name="John Smith", wanted_honorific="様", **foreign).honorific, "様"
        )
        self.assertEqual(self.make(name="John Smith", **foreign).problems, [])

    def test_no_name(self):
        self.assertIn(codes.NO_NAME, self.make(name=" ", postal="1000001").problems)
