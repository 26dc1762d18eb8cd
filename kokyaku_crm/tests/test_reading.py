import copy
import doctest
from datetime import date

from odoo.tests import tagged

from ..reading import (
    HELPERS,
    OUT_ONLY,
    TARGETS,
    addresses,
    convert,
    customers,
    headings,
    layouts,
    profiles,
    recognise,
    recognition,
    values,
    vcard,
)
from .reading_common import Reading


@tagged("standard", "at_install")
class TestReadingValues(Reading):
    """Dates, amounts, names and addresses as Japanese offices write them."""

    def test_examples_of_the_docstrings(self):
        for module in (values, addresses, headings, customers, vcard, layouts, profiles,
                       recognition):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_every_form_of_a_date(self):
        forms = (
            "2026/5/3", "2026-05-03", "2026.5.3", "2026年5月3日", "２０２６／０５／０３",
            "20260503",
            "2026/05/03 10:11", "2026-05-03T10:11:12+09:00", "2026/5/3(日)", "20260503101112",
            "令和8年5月3日", "令和８年５月３日", "R8.5.3", "R08/05/03", "R.8/5/3", "r8-5-3",
            "R080503",
            "2026-05-02T20:00:00Z", "46145",
        )
        for form in forms:
            self.assertEqual(values.read_date(form)[0], date(2026, 5, 3), form)
        for form, day in {
            "平成31年4月30日": date(2019, 4, 30), "令和元年5月1日": date(2019, 5, 1),
            "昭和64年1月7日": date(1989, 1, 7), "S60.1.2": date(1985, 1, 2),
            "大正15年12月24日": date(1926, 12, 24), "明治45年7月29日": date(1912, 7, 29),
        }.items():
            self.assertEqual(values.read_date(form)[0], day, form)

    def test_what_is_no_date(self):
        for form in ("3026/1/1", "令和0年1月1日", "昨日", "5月3日", "2026/5", "9" * 40):
            self.assertEqual(values.read_date(form), (None, "not_a_date"), form)
        for form in ("2026/2/30", "2026/13/1", "20260431", "R8.2.30", "平成29年2月29日"):
            self.assertEqual(values.read_date(form), (None, "no_such_day"), form)
        self.assertEqual(values.read_date("26/5/3"), (None, "ambiguous_date"))
        self.assertEqual(values.read_date("05/03/2026", "%m/%d/%Y")[0], date(2026, 5, 3))
        for nothing in ("", "0000-00-00", "00000000", "9999/99/99", " - ", "1900/01/00"):
            self.assertEqual(values.read_date(nothing), (None, ""), nothing)

    def test_nobody_is_born_tomorrow(self):
        rows, rejects = self.rows_of(
            "顧客コード,氏名,生年月日\n1,青山 一,2100/1/1\n2,青山 二,1980/1/1\n3,青山 三,\n"
        )
        self.assertEqual([(one.row, one.code) for one in rejects], [(2, "future_day")])
        self.assertEqual(rows["birthdate"].tolist(), [date(1980, 1, 1), None])

    def test_dates_of_another_country_where_the_file_shows_which(self):
        rows, rejects = self.rows_of("売上日,金額\n05/03/2026,1\n05/30/2026,2\n")
        self.assertFalse(rejects)
        self.assertEqual(rows["date"].tolist(), [date(2026, 5, 3), date(2026, 5, 30)])
        rows, rejects = self.rows_of("売上日,金額\n05/03/2026,1\n")
        self.assertEqual([one.code for one in rejects], ["not_a_date"])

    def test_headings_with_asides(self):
        for heading, kind, target in (
            ("【必須】氏名", "customers", "name"), ("お名前（姓）", "customers", "family_name"),
            ("ご住所", "customers", "address"), ("生年月日(西暦)", "customers", "birthdate"),
            ("TEL（ハイフンなし）", "customers", "phone"), ("金額（円）", "sales", "amount"),
            ("ご購入日", "sales", "date"), ("商品名(商品コード)", "sales", "product_name"),
            ("お客様電話番号", "sales", "phone"), ("天気（晴）", "sales", ""),
        ):
            self.assertEqual(headings.meaning(heading, kind), target, heading)

    def test_every_form_of_an_amount(self):
        for form, amount in {
            "1234": 1234, "1,234": 1234, "¥1,234": 1234, "￥１，２３４": 1234, "\\1,234": 1234,
            "１２,３４０円": 12340, "12,340円也": 12340, "△1,234": -1234, "▲1,234": -1234,
            "-1,234": -1234, "－1,234": -1234, "1,234-": -1234, "(1,234)": -1234, "1.5": 1.5,
            "0.0125": 0.0125, "1E+3": 1000, "+5": 5, "3個": 3,
        }.items():
            self.assertEqual(values.read_number(form), (amount, ""), form)
        for form in ("無料", "1,23", "1,2345", "nan", "inf", "1e400", "1_000", "0x10", "--5", "1 2",
                     "#N/A", "=1+1", "1,234,", "１２．３．４"):
            self.assertEqual(values.read_number(form)[1], "not_a_number", form)

    def test_addresses_of_odd_cities(self):
        for address, parts in {
            "東京都町田市原町田6": ("東京都", "町田市", "原町田6"),
            "千葉県市川市八幡1": ("千葉県", "市川市", "八幡1"),
            "千葉県市原市国分寺台": ("千葉県", "市原市", "国分寺台"),
            "奈良県大和郡山市北郡山町2": ("奈良県", "大和郡山市", "北郡山町2"),
            "北海道余市郡余市町朝日町2": ("北海道", "余市郡余市町", "朝日町2"),
            "福島県三春町字大町1": ("福島県", "三春町", "字大町1"),
            "横浜市 西区みなとみらい2": ("神奈川県", "横浜市西区", "みなとみらい2"),
            "中央区銀座1": ("", "", "中央区銀座1"),  # eleven cities have one
            "東京都保谷市中町1": ("東京都", "保谷市", "中町1"),  # merged in 2001
            "1 Infinite Loop": ("", "", "1 Infinite Loop"),
        }.items():
            self.assertEqual(addresses.split_address(address), parts, address)


@tagged("standard", "at_install")
class TestReadingSales(Reading):
    """Lines of sales from any till, shop or accounting package."""

    def test_sales_come_in_whatever_the_columns_are_called(self):
        rows, rejects = self.rows_of(
            "伝票番号,行番号,売上日,顧客コード,商品コード,品名,数量,単価,金額\r\n"
            "A1,1,令和8年5月3日,0012,P1,緑茶,2,500,\"1,000\"\r\n"
            "A1,2,2026/5/4,0012,P2,急須,1,△3000,\r\n"
        )
        self.assertFalse(rejects)
        self.assertEqual(rows["date"].tolist(), [date(2026, 5, 3), date(2026, 5, 4)])
        self.assertEqual(rows["amount"].tolist(), [1000, -3000])
        self.assertEqual(rows["customer_code"].tolist(), ["0012", "0012"])
        self.assertEqual(rows["external_key"].tolist(), ["A1/1", "A1/2"])

    def test_every_target_is_a_column_of_its_type(self):
        for kind, content in {
            "sales": "売上日,金額\n2026/5/3,1\n", "customers": "氏名,住所\n田中,東京都\n",
            "products": "商品コード,商品名\nA,緑茶\n",
        }.items():
            rows, rejects = self.rows_of(content)
            self.assertFalse(rejects)
            self.assertEqual(set(rows.columns), {*TARGETS[kind], "warnings"})
            for target, type_ in TARGETS[kind].items():
                wanted = {"number": "float64", "boolean": "bool"}.get(type_, "object")
                self.assertEqual(str(rows[target].dtype), wanted, target)
                if type_ not in ("number", "boolean", "date"):
                    self.assertIsInstance(rows[target].iloc[0], str, target)

    def test_what_cannot_be_stored_comes_back_with_its_line_and_reason(self):
        rows, rejects = self.rows_of(
            "売上日,顧客コード,金額\n"
            "2026/2/30,1,100\n"
            "2026/5/1,2,無料\n"
            "2026/5/1,3,100\n"
            ",4,100\n"
            "2026/5/1,5,1,000\n"
        )
        self.assertEqual(rows.index.tolist(), [4])
        self.assertEqual(
            [(one.row, one.column, one.value, one.code) for one in rejects],
            [
                (2, "売上日", "2026/2/30", "no_such_day"),
                (3, "金額", "無料", "not_a_number"),
                (5, "売上日", "", "missing"),
                (6, "", "", "too_many_columns"),
            ],
        )
        self.assertEqual(rejects[0].raw, "2026/2/30,1,100")

    def test_returns_are_negative(self):
        rows, _rejects = self.rows_of(
            "売上日,数量,単価,金額,伝票区分,ステータス\n"
            "2026/5/1,2,500,1000,売上,\n"
            "2026/5/2,2,500,1000,返品,\n"
            "2026/5/3,-2,500,,売上,\n"
            "2026/5/4,2,500,-1000,売上,\n"
            "2026/5/5,2,500,1000,売上,返品\n"
        )
        self.assertEqual(rows["amount"].tolist(), [1000, -1000, -1000, -1000, -1000])
        self.assertEqual(rows["quantity"].tolist(), [2, -2, -2, -2, -2])
        self.assertEqual(rows["warnings"].tolist(), [()] * 5)

    def test_to_amounts_without_tax_it_is_added_by_the_rate_of_the_file_or_the_users(self):
        rows, _rejects = self.rows_of("売上日,金額\n2026/5/1,1000\n2026/5/1,-999\n", tax_rate=8)
        self.assertEqual(rows["amount"].tolist(), [1000, -999])
        self.assertEqual(rows["tax"].tolist(), [80, -79])
        rows, _rejects = self.rows_of("売上日,金額,税率\n2026/5/1,1000,10\n", tax_rate=8)
        self.assertEqual(rows["tax"].tolist(), [100])
        rows, _rejects = self.rows_of("売上日,金額\n2026/5/1,1000\n")
        self.assertFalse(rows["tax"].fillna(0).any())

    def test_a_tax_that_is_worked_out_is_cut_off_in_the_currency(self):
        text = "売上日,金額\n2026/5/1,10.50\n2026/5/1,-10.50\n"
        rows, _rejects = self.rows_of(text, tax_rate=10, decimals=2)
        self.assertEqual(rows["tax"].tolist(), [1.05, -1.05])
        rows, _rejects = self.rows_of(text, tax_rate=10, tax_included=True, decimals=2)
        self.assertEqual(rows["tax"].tolist(), [0.95, -0.95])

    def test_tax_within_the_amount_is_taken_out_by_what_the_file_says_or_by_law(self):
        rows, _rejects = self.rows_of("売上日,金額,消費税\n2026/5/1,1100,100\n", tax_included=True)
        self.assertEqual((rows["amount"].iloc[0], rows["tax"].iloc[0]), (1000, 100))
        rows, _rejects = self.rows_of(
            "売上日,税込金額\n2026/5/1,1100\n2018/5/1,1080\n2013/5/1,1050\n1988/1/1,1000\n"
        )
        self.assertEqual(rows["amount"].tolist(), [1000] * 4)
        self.assertEqual(rows["tax"].tolist(), [100, 80, 50, 0])
        rows, _rejects = self.rows_of("売上日,税込金額,税率\n2026/5/1,1080,8\n2026/5/1,1080,0.08\n")
        self.assertEqual(rows["tax"].tolist(), [80, 80])

    def test_the_same_file_gives_the_same_keys_in_parts_of_any_size(self):
        lines = ["売上日,伝票番号,商品コード,金額"]
        lines += [f"2026/5/{day % 9 + 1},S{day // 4},P{day % 2},100" for day in range(40)]
        whole, _rejects = self.rows_of("\n".join(lines))
        self.assertEqual(whole["external_key"].nunique(), 40)
        self.assertEqual(whole["external_key"].tolist()[:4], ["S0/P0", "S0/P1", "S0/P0#2",
                                                             "S0/P1#2"])
        for size in (1, 3, 7):
            parts, _rejects = self.rows_of("\n".join(lines), size=size)
            self.assertEqual(whole["external_key"].tolist(), parts["external_key"].tolist())

    def test_keys_are_the_same_when_an_import_goes_on_in_the_middle(self):
        lines = ["売上日,商品コード,金額", *["2026/5/1,P,100"] * 10]
        source = self.open("\n".join(lines))
        mapping = recognise(source.headings, source.samples)
        keys = [
            convert(part.frame, mapping, source.headings)[0]["external_key"].tolist()
            for part in source.parts(3)
        ]
        self.assertEqual(sum(map(len, keys)), 10)
        for part in source.parts(3):
            if part.number == 2:  # after a restart: the first two were done before
                again = convert(part.frame, mapping, source.headings)[0]
                self.assertEqual(again["external_key"].tolist(), keys[2])
            if part.number == 3:
                twice = convert(part.frame, mapping, source.headings)[0]  # tried again
                twice = convert(part.frame, mapping, source.headings)[0]
                self.assertEqual(twice["external_key"].tolist(), keys[3])

    def test_a_line_that_stands_twice_counts_once_another_with_its_number_is_kept(self):
        rows, rejects = self.rows_of(
            "伝票番号,行番号,売上日,金額\nA,1,2026/5/1,100\nA,1,2026/5/1,100\nA,1,2026/5/1,300\n"
        )
        self.assertEqual(rows["external_key"].tolist(), ["A/1", "A/1#3"])
        self.assertEqual(rows["warnings"].tolist(), [(), [("行番号", "repeated_key")]])
        self.assertEqual([(one.row, one.code) for one in rejects], [(3, "repeated_row")])

    def test_a_total_on_each_line_of_a_slip_counts_once(self):
        content = "伝票番号,売上日,合計金額\nA,2026/5/1,300\nA,2026/5/1,300\nB,2026/5/2,50\n"
        rows, rejects = self.rows_of(content, size=1)
        self.assertEqual(rows["amount"].tolist(), [300, 50])
        self.assertEqual([(one.row, one.code) for one in rejects], [(3, "repeated_total")])

    def test_shipping_is_added_once_where_the_amount_is_to_have_it(self):
        content = (
            "注文番号,注文日,商品名,単価,個数,送料,値引き,合計\n"
            "A,2026/5/1,茶,100,1,500,50,650\nA,2026/5/1,壺,100,1,500,50,650\n"
        )
        rows, _rejects = self.rows_of(content)
        self.assertEqual(rows["amount"].tolist(), [100, 100])
        rows, _rejects = self.rows_of(content, shipping_included=True)
        self.assertEqual(rows["amount"].sum(), 650)

    def test_states_that_are_no_sales_are_left_out_and_their_keys_are_known(self):
        content = (
            "伝票番号,行番号,売上日,金額,状態\nA,1,2026/5/1,5,キャンセル\nB,1,2026/5/1,6,完了\n"
        )
        source = self.open(content)
        mapping = recognise(source.headings, source.samples)
        (part,) = source.parts()
        rows, rejects = convert(part.frame, mapping, source.headings)
        self.assertEqual(rows["slip"].tolist(), ["B"])
        self.assertEqual([(one.column, one.code) for one in rejects], [("状態", "excluded_status")])
        self.assertEqual(rows.attrs["excluded"], ["A/1"])

    def test_a_buyer_in_pieces(self):
        rows, _rejects = self.rows_of(
            "注文日,金額,姓,名,郵便番号1,郵便番号2,電話番号1,電話番号2,電話番号3,都道府県,"
            "市区町村,住所1\n"
            "2026/5/1,5,山田,太郎,60,1,90,1234,5678,北海道,札幌市中央区,北一条1\n"
        )
        row = rows.iloc[0]
        self.assertEqual(row["name"], "山田 太郎")
        self.assertEqual(row["zip"], "060-0001")
        self.assertEqual(row["phone"], "090-1234-5678")
        self.assertEqual(row["address"], "北海道札幌市中央区北一条1")


@tagged("standard", "at_install")
class TestReadingCustomers(Reading):
    """People and companies from any list."""

    def one(self, content, **options):
        rows, rejects = self.rows_of(content, **options)
        self.assertFalse(rejects)
        self.assertEqual(len(rows), 1)
        return rows.iloc[0]

    def test_a_customer(self):
        row = self.one(
            "顧客コード,氏名,フリガナ,性別,郵便番号,住所,電話番号１,電話番号２,電話番号３,生年月日\n"
            "001,春山ひとみ,ハルヤマ ヒトミ,2,100-001,東京都千代田区内幸町1-2-3,3,1234,5678,"
            "S60.1.2\n"
        )
        self.assertEqual((row["family_name"], row["given_name"]), ("春山", "ひとみ"))
        self.assertTrue(row["name_unsure"])
        self.assertEqual((row["gender"], row["birthdate"]), ("female", date(1985, 1, 2)))
        self.assertEqual((row["state"], row["city"], row["street"]),
                         ("東京都", "千代田区", "内幸町1-2-3"))
        self.assertEqual((row["ref"], row["phone"]), ("001", "03-1234-5678"))
        self.assertEqual(row["zip"], "100-001")
        for listed in (("郵便番号", "bad_postal_code"), ("氏名", "unsure_name"),
                       ("電話番号１", "leading_zero")):
            self.assertIn(listed, row["warnings"])

    def test_zeros_that_excel_took_away_come_back_and_are_listed(self):
        row = self.one("氏名,郵便番号,電話番号,携帯番号\n森 一,600001,312345678,9012345678\n")
        self.assertEqual((row["zip"], row["phone"], row["mobile"]),
                         ("060-0001", "0312345678", "09012345678"))
        self.assertEqual({code for _heading, code in row["warnings"]}, {"leading_zero"})

    def test_a_code_excel_is_told_to_leave_alone(self):
        row = self.one('顧客コード,氏名\n"=""00012""",\'=田中\n')
        self.assertEqual((row["ref"], row["name"]), ("00012", "=田中"))

    def test_postal_codes_that_do_not_exist_or_belong_elsewhere_are_stored_and_listed(self):
        rows, rejects = self.rows_of(
            "氏名,郵便番号,住所\n甲 一,193-1831,東京都八王子市千人町3\n"
            "乙 一,100-0001,大阪府大阪市北区1\n丙 一,100-0001,東京都千代田区千代田1\n"
            "丁 一,100-0001,\n"
        )
        self.assertFalse(rejects)
        self.assertEqual(rows["warnings"].tolist(), [
            [("郵便番号", "unknown_postal_code")], [("郵便番号", "postal_code_elsewhere")], (), (),
        ])

    def test_addresses_in_several_columns(self):
        for heading, cells, wanted in (
            ("住所1,住所2", "東京都渋谷区神宮前1-2-3,原宿ビル",
             ("東京都", "渋谷区", "神宮前1-2-3", "原宿ビル")),
            ("住所1,住所2", "東京都千代田区内幸町,1-2-3",
             ("東京都", "千代田区", "内幸町1-2-3", "")),
            ("都道府県,住所", "東京都,府中市宮西町2", ("東京都", "府中市", "宮西町2", "")),
            ("都道府県,住所", "東京都,東京都府中市宮西町2",
             ("東京都", "府中市", "宮西町2", "")),
            ("都道府県,市区町村,住所1,住所2", "東京都,府中市,宮西町2,甲ビル",
             ("東京都", "府中市", "宮西町2", "甲ビル")),
            ("住所,建物名", "東京都府中市宮西町2,甲ビル",
             ("東京都", "府中市", "宮西町2", "甲ビル")),
        ):
            row = self.one(f"氏名,{heading}\n森 一,{cells}\n")
            self.assertEqual((row["state"], row["city"], row["street"], row["street2"]), wanted)

    def test_companies_among_the_people(self):
        rows, rejects = self.rows_of(
            "顧客コード,氏名,フリガナ,会社名\n1,鈴木建設(株),スズキケンセツ,\n"
            "2,鈴木 三郎,,鈴木建設(株)\n3,,,㈱ウィング\n4,,,\n"
        )
        self.assertEqual(rows["company_name"].tolist(),
                         ["鈴木建設(株)", "鈴木建設(株)", "㈱ウィング"])
        self.assertEqual(rows["name"].tolist(), ["", "鈴木 三郎", ""])
        self.assertEqual(rows["is_company"].tolist(), [True, False, True])
        self.assertEqual(rows["company_kana"].iloc[0], "スズキケンセツ")
        self.assertEqual([(one.row, one.column, one.code) for one in rejects],
                         [(5, "氏名", "missing")])

    def test_consents_and_codes_by_the_words_of_the_file(self):
        row = self.one("氏名,メルマガ,DM,性別\n森 一,希望しない,○,男性\n")
        self.assertEqual((row["consent_email"], row["consent_post"], row["consent_fax"]),
                         ("no", "yes", ""))
        source = self.open("氏名,性別,DM\n森 一,7,A\n")
        mapping = recognise(source.headings, source.samples)
        mapping.columns[1].options = {"codes": {"7": "female"}}
        mapping.columns[2].options = {"codes": {"A": "yes"}}
        rows, _rejects = self.converted(source, mapping)
        self.assertEqual(rows["gender"].iloc[0], "female")
        self.assertEqual(rows["consent_post"].iloc[0], "yes")

    def test_characters_that_are_lost_or_private_are_listed_and_no_name_changes_its_form(self):
        rows, rejects = self.rows_of("氏名,備考\n髙﨑 \ue000子,\n神 一,か\u3099く\n佐\ufffd 一,\n",
                                  encoding="utf-8")
        self.assertFalse(rejects)
        self.assertEqual(rows["name"].tolist(), ["髙﨑 \ue000子", "神 一", "佐\ufffd 一"])
        self.assertEqual(rows["note"].iloc[1], "がく")
        self.assertEqual(rows["warnings"].tolist(), [
            [("氏名", "gaiji")], (), [("氏名", "lost_character")],
        ])

    def test_a_mapping_is_kept_as_plain_values(self):
        source = self.open("氏名,住所\n森 一,東京都\n")
        mapping = recognise(source.headings, source.samples)
        again = type(mapping).from_json(copy.deepcopy(mapping.to_json()))
        self.assertEqual(again, mapping)
        self.assertEqual(again.lacking(), [])
        again.columns[0].target = ""
        self.assertEqual(again.lacking(), [("name", "family_name", "company_name")])

    def test_helpers_belong_to_targets(self):
        for kind, helpers in HELPERS.items():
            for helper, target in helpers.items():
                self.assertNotIn(helper, TARGETS[kind])
                self.assertTrue(target in TARGETS[kind] or not target, helper)
            self.assertLessEqual(OUT_ONLY[kind], set(TARGETS[kind]))
