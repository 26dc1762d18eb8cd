from datetime import date

from odoo.tests import tagged

from ..reading import HELPERS, OUT_ONLY, PROFILES, TARGETS, from_profile, recognise, vcard
from .reading_common import Reading

# The output of a customer program as it is printed in the guide to the introduction, cut short
# by the printer as it is there.
PRINTED = "\n".join("\t".join(row) for row in (
    ("顧客コード", "氏名", "氏名", "性別", "役職", "部署", "会社名", "会社名", "会社名", "郵便番号",
     "住所1", "住所2", "電話番号"),
    ("0001", "黒木 健一", "クロ=1", "", "代表取締役", "", "(株)ウィング", "", "", "100-001",
     "東京都千代田区内幸町", "1-2-3", "03-51"),
    ("0013", "鈴木 三郎", "スズ=1", "", "代表取締役", "", "鈴木建設(株)スズケ", "", "", "112-0001",
     "東京都文京区春日", "5-3-6", "03-10"),
    ("0017", "新見 忍", "ニイ=1", "", "専務取締役", "", "有限会社エーアイエス", "", "", "193-1831",
     "東京都八王子市千人町", "3-6-2", ""),
    ("0066", "春山ひとみ", "ハル=2", "", "", "", "", "", "", "171-0011", "東京都豊島区池袋", "13-2",
     ""),
    ("0100", "池田"),
)) + "\n"


@tagged("standard", "at_install")
class TestReadingProfiles(Reading):
    """Files many offices have are read without a question."""

    def opened(self, content, profile, **options):
        source = self.open(content, **options)
        mapping = recognise(source.headings, source.samples)
        self.assertEqual(mapping.profile, profile)
        rows, rejects = self.converted(source, mapping)
        return rows, rejects

    def test_profiles_name_targets_there_are(self):
        for code, profile in PROFILES.items():
            for _heading, target in profile.columns:
                known = TARGETS[profile.kind] | HELPERS[profile.kind]
                self.assertTrue(not target or target in known, (code, target))
                self.assertNotIn(target, OUT_ONLY[profile.kind])

    def test_the_printed_sample_as_it_is_printed(self):
        rows, rejects = self.opened(PRINTED, "seed_001")
        self.assertFalse(rejects)
        self.assertEqual(rows["ref"].tolist(), ["0001", "0013", "0017", "0066", "0100"])
        first = rows.loc[2]
        self.assertEqual(first["name"], "黒木 健一")
        self.assertEqual(first["function"], "代表取締役")
        self.assertEqual(first["company_name"], "(株)ウィング")
        self.assertEqual((first["state"], first["city"], first["street"]),
                         ("東京都", "千代田区", "内幸町1-2-3"))
        self.assertEqual(first["zip"], "100-001")
        self.assertIn(("郵便番号", "bad_postal_code"), first["warnings"])
        self.assertIn(("郵便番号", "unknown_postal_code"), rows.loc[4, "warnings"])
        self.assertEqual(rows["name_unsure"].tolist(), [False, False, False, True, True])
        self.assertEqual(rows.loc[6, "warnings"],
                         [("氏名", "unsure_name"), ("", "too_few_columns")])

    def test_the_printed_sample_as_it_was_meant(self):
        rows, rejects = self.opened(
            "顧客コード,氏名,氏名,性別,役職,部署,会社名,会社名,会社名,郵便番号,住所1,住所2,"
            "電話番号\r\n0001,黒木 健一,クロキ ケンイチ,1,代表取締役,,(株)ウィング,ウィング,,"
            "100-0011,東京都千代田区内幸町,1-2-3,03-5111-1111\r\n"
            "0034,村木 洋子,ムラキ ヨウコ,2,,,,,,206-0024,東京都多摩市諏訪,4-1-2,\r\n",
            "seed_001",
        )
        self.assertFalse(rejects)
        self.assertEqual(rows["kana"].tolist(), ["クロキ ケンイチ", "ムラキ ヨウコ"])
        self.assertEqual(rows["gender"].tolist(), ["male", "female"])
        self.assertEqual(rows["company_kana"].tolist(), ["ウィング", ""])
        self.assertEqual(rows["warnings"].tolist(), [(), ()])

    def test_the_reading_in_front_of_the_name(self):
        rows, _rejects = self.rows_of("顧客コード,氏名,氏名\n1,クロキ ケンイチ,黒木 健一\n")
        self.assertEqual(rows.loc[2, ["name", "kana"]].tolist(), ["黒木 健一", "クロキ ケンイチ"])

    def test_orders_of_eccube(self):
        head = (
            "注文ID,注文番号,会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,"
            "都道府県(ID),都道府県(名称),住所1,住所2,メールアドレス,TEL,小計,値引き,送料,税金,合計,"
            "支払合計,対応状況(ID),対応状況(名称),受注日,注文詳細ID,商品名,商品コード,規格分類名1,"
            "規格分類名2,価格,個数,税率,明細区分(ID),明細区分(名称),送料"
        )
        buyer = "山田,太郎,ヤマダ,タロウ,,1000001,13,東京都,千代田区千代田,1-1,a@b.jp,0312345678"
        totals = "3300,0,500,300,3800,3800"
        lines = [
            f"1,N1,,{buyer},{totals},5,発送済み,2026-05-03 10:11:12,11,緑茶,P1,赤,大,1000,3,10,1,"
            "商品,500",
            f"1,N1,,{buyer},{totals},5,発送済み,2026-05-03 10:11:12,12,送料,,,,500,1,10,2,送料,500",
            f"2,N2,7,{buyer},{totals},3,注文取消し,2026-05-04 10:11:12,13,緑茶,P1,,,1000,3,10,1,"
            "商品,500",
        ]
        rows, rejects = self.opened("\n".join([head, *lines]), "eccube_orders")
        self.assertEqual([(one.row, one.code) for one in rejects],
                         [(3, "excluded_line"), (4, "excluded_status")])
        (row,) = rows.to_dict("records")
        self.assertEqual((row["external_key"], row["slip"]), ("11", "N1"))
        self.assertEqual((row["amount"], row["tax"], row["quantity"]), (3000, 300, 3))
        self.assertEqual((row["name"], row["kana"]), ("山田 太郎", "ヤマダ タロウ"))
        self.assertEqual((row["zip"], row["address"]), ("100-0001", "東京都千代田区千代田1-1"))
        self.assertEqual(row["attribute_text"], "赤 大")
        self.assertEqual(row["date"], date(2026, 5, 3))

    def test_orders_of_rakuten(self):
        head = (
            "注文番号,ステータス,注文日時,商品合計金額,送料合計,請求金額,クーポン利用総額,注文者郵便番号1,"
            "注文者郵便番号2,注文者住所都道府県,注文者住所郡市区,注文者住所それ以降の住所,注文者姓,注文者名,"
            "注文者姓カナ,注文者名カナ,注文者電話番号1,注文者電話番号2,注文者電話番号3,"
            "注文者メールアドレス,商品明細ID,商品名,商品番号,単価,個数,項目・選択肢"
        )
        buyer = "60,1,北海道,札幌市中央区,北一条1,山田,太郎,ヤマダ,タロウ,90,1234,5678,a@b.jp"
        lines = [
            f"R1,700,2026-05-03 10:11:12,3300,500,3800,0,{buyer},D1,緑茶,P1,1100,1,色:赤",
            f"R1,700,2026-05-03 10:11:12,3300,500,3800,0,{buyer},D2,急須,P2,2200,1,",
            f"R2,900,2026-05-03 10:11:12,3300,500,3800,0,{buyer},D3,急須,P2,2200,1,",
        ]
        rows, rejects = self.opened("\n".join([head, *lines]), "rakuten_orders")
        self.assertEqual([one.code for one in rejects], ["excluded_status"])
        self.assertEqual(rows["amount"].tolist(), [1000, 2000])
        self.assertEqual(rows["order_total"].sum(), 3800)
        self.assertEqual(rows["phone"].tolist(), ["090-1234-5678"] * 2)
        self.assertEqual(rows["zip"].tolist(), ["060-0001"] * 2)
        self.assertEqual(rows["address"].tolist(), ["北海道札幌市中央区北一条1"] * 2)

    def test_members_of_eccube(self):
        rows, rejects = self.opened(
            "会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,都道府県(ID),"
            "都道府県(名称),住所1,住所2,メールアドレス,TEL,性別(ID),性別(名称),誕生日,会員ステータス(ID),"
            "会員ステータス(名称),登録日\n"
            "7,山田,花子,ヤマダ,ハナコ,,5300001,27,大阪府,大阪市北区梅田,1-1 甲ビル2階,a@b.jp,"
            "0612345678,2,女性,1985-01-02 00:00:00,2,本会員,2020-05-03 10:00:00\n",
            "eccube_customers",
        )
        self.assertFalse(rejects)
        row = rows.iloc[0]
        self.assertEqual((row["ref"], row["name"], row["gender"]), ("7", "山田 花子", "female"))
        self.assertEqual((row["city"], row["street"], row["street2"]),
                         ("大阪市北区", "梅田1-1", "甲ビル2階"))
        self.assertEqual(row["acquired_on"], date(2020, 5, 3))

    def test_address_books_of_parcel_services(self):
        rows, _rejects = self.opened(
            "お届け先コード,お届け先電話番号,お届け先郵便番号,お届け先住所,お届け先アパートマンション名,"
            "お届け先会社・部門１,お届け先会社・部門２,お届け先名,お届け先名(ｶﾅ),敬称\n"
            "1,03-1234-5678,1500001,東京都渋谷区神宮前1-2-3,原宿ビル2階,㈱ウィング,営業部,"
            "山田　太郎,ﾔﾏﾀﾞ ﾀﾛｳ,様\n",
            "yamato_b2",
        )
        row = rows.iloc[0]
        self.assertEqual((row["name"], row["kana"]), ("山田 太郎", "ヤマダ タロウ"))
        self.assertEqual((row["company_name"], row["department"]), ("㈱ウィング", "営業部"))
        self.assertEqual((row["city"], row["street2"]), ("渋谷区", "原宿ビル2階"))
        rows, _rejects = self.opened(
            "お届け先コード,お届け先電話番号,お届け先郵便番号,お届け先住所１,お届け先住所２,"
            "お届け先住所３,お届け先名称１,お届け先名称２\n"
            "1,03-1234-5678,1500001,東京都渋谷区神宮前,1-2-3,原宿ビル,㈱ウィング,山田　太郎\n"
            "2,03-1234-5678,1500001,東京都渋谷区神宮前,1-2-3,原宿ビル,鈴木　花子,営業部\n",
            "sagawa_hiden",
        )
        self.assertEqual(rows["name"].tolist(), ["山田 太郎", "鈴木 花子"])
        self.assertEqual(rows["company_name"].tolist(), ["㈱ウィング", ""])
        self.assertEqual(rows["department"].tolist(), ["", "営業部"])

    def test_business_cards_have_the_address_of_the_company(self):
        rows, _rejects = self.opened(
            "会社名,部署名,役職,氏名,e-mail,郵便番号,住所,TEL会社,TEL部門,TEL直通,Fax,携帯電話,URL,"
            "名刺交換日\n株式会社ウィング,営業部,課長,山田 太郎,a@b.jp,150-0001,"
            "東京都渋谷区神宮前1-2-3,03-1234-5678,,,,090-1234-5678,,2026/5/3\n",
            "business_cards", encoding="utf-8-sig",
        )
        row = rows.iloc[0]
        self.assertEqual((row["company_zip"], row["company_city"], row["company_phone"]),
                         ("150-0001", "渋谷区", "03-1234-5678"))
        self.assertEqual((row["zip"], row["city"], row["mobile"]), ("", "", "090-1234-5678"))

    def test_a_product_master_and_a_free_file(self):
        source = self.open("商品コード,商品名,単価,JANコード,分類\nP1,緑茶,500,4901234567894,茶\n")
        mapping = from_profile("products", source.headings, source.samples)
        self.assertEqual((mapping.kind, mapping.profile), ("products", "products"))
        rows, rejects = self.converted(source, mapping)
        self.assertFalse(rejects)
        found = rows.loc[2, ["product_code", "barcode", "unit_price", "category"]].tolist()
        self.assertEqual(found, ["P1", "4901234567894", 500, "茶"])
        self.assertEqual(from_profile("free", ["氏名"], [["森"]]).kind, "customers")
        self.assertEqual(recognise(["コード", "名称"], [["1", "森"]], "products").kind, "products")

    def test_cards_as_text(self):
        card = (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:山田;太郎;;;\r\nFN:山田 太郎\r\n"
            "X-PHONETIC-LAST-NAME:ヤマダ\r\nX-PHONETIC-FIRST-NAME:タロウ\r\n"
            "ORG:株式会社ウィング;営業部\r\nTITLE:課長\r\nTEL;TYPE=WORK,VOICE:03-1234-5678\r\n"
            "TEL;TYPE=CELL:090-1234-5678\r\nitem1.EMAIL;TYPE=INTERNET:taro@\r\n example.jp\r\n"
            "ADR;TYPE=WORK:;;神南1-2-3;渋谷区;東京都;150-0041;日本\r\nEND:VCARD\r\n"
        )
        row = vcard.read(card)
        self.assertEqual((row["name"], row["kana"]), ("山田 太郎", "ヤマダ タロウ"))
        self.assertEqual((row["company_name"], row["department"], row["function"]),
                         ("株式会社ウィング", "営業部", "課長"))
        self.assertEqual((row["mobile"], row["company_phone"]), ("090-1234-5678", "03-1234-5678"))
        self.assertEqual(row["email"], "taro@example.jp")
        self.assertEqual((row["company_zip"], row["company_state"], row["company_city"]),
                         ("150-0041", "東京都", "渋谷区"))
        old = (
            "BEGIN:VCARD\nVERSION:2.1\n"
            "N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63;=89=D4=8E=71\n"
            "SOUND;X-IRMC-N:ﾔﾏﾀﾞ;ﾊﾅｺ;;;\nTEL;HOME:0312345678\nEND:VCARD\n"
        )
        row = vcard.read(old)
        self.assertEqual((row["name"], row["kana"], row["phone"]),
                         ("山田 花子", "ヤマダ ハナコ", "0312345678"))
        row = vcard.read(
            "MECARD:N:山田,太郎;SOUND:ﾔﾏﾀﾞ,ﾀﾛｳ;TEL:09012345678;ADR:150-0001 東京都渋谷区神宮前1;;"
        )
        self.assertEqual((row["name"], row["zip"], row["city"]),
                         ("山田 太郎", "150-0001", "渋谷区"))
        self.assertIsNone(vcard.read("https://example.jp"))
        rows, rejects = self.rows_of(card + old, "a.vcf", "utf-8")
        self.assertFalse(rejects)
        self.assertEqual(rows["name"].tolist(), ["山田 太郎", "山田 花子"])
