"""The headings of real exports, as public sources list them; the rows are made up."""

from odoo.tests import tagged

from ..reading import recognise
from .reading_common import Reading

# EC-CUBE 4, github.com/EC-CUBE/ec-cube: src/Eccube/Resource/doctrine/import_csv/ja/dtb_csv.csv
# (the table from which the shop makes the headings of its files; types 2 and 3).
ECCUBE_CUSTOMERS = (
    "会員ID お名前(姓) お名前(名) お名前(セイ) お名前(メイ) 会社名 郵便番号 都道府県(ID) "
    "都道府県(名称) 住所1 住所2 メールアドレス TEL 性別(ID) 性別(名称) 職業(ID) "
    "職業(名称) 誕生日 初回購入日 最終購入日 購入回数 ショップ用メモ欄 会員ステータス(ID) "
    "会員ステータス(名称) 登録日 更新日"
).split()
ECCUBE_ORDERS = (
    "注文ID 注文番号 会員ID お名前(姓) お名前(名) お名前(セイ) お名前(メイ) 会社名 "
    "郵便番号 都道府県(ID) 都道府県(名称) 住所1 住所2 メールアドレス TEL 性別(ID) "
    "性別(名称) 職業(ID) 職業(名称) 誕生日 ショップ用メモ欄 小計 値引き 送料 税金 合計 "
    "支払合計 対応状況(ID) 対応状況(名称) 支払方法(ID) 支払方法(名称) 受注日 入金日 "
    "注文詳細ID 商品ID 商品規格ID 商品名 商品コード 規格名1 規格名2 規格分類名1 "
    "規格分類名2 価格 個数 税率 税率ルール(ID) 明細区分(ID) 明細区分(名称) 出荷ID "
    "配送先_お名前(姓) 配送先_お名前(名) 配送先_お名前(セイ) 配送先_お名前(メイ) "
    "配送先_会社名 配送先_郵便番号 配送先_都道府県(ID) 配送先_都道府県(名称) 配送先_住所1 "
    "配送先_住所2 配送先_TEL 配送業者(ID) 配送業者(名称) お届け時間ID お届け時間(名称) "
    "お届け希望日 送料 発送日 出荷伝票番号 配達用メモ 出荷メール送信日"
).split()
# 楽天 RMS: the order file as public programs for shops read it, by its columns (the first 80, and
# from the 117th, since the tax rates of 2019).
RAKUTEN = (
    "注文番号 ステータス サブステータスID サブステータス 注文日時 注文日 注文時間 "
    "キャンセル期限日 注文確認日時 注文確定日時 発送指示日時 発送完了報告日時 支払方法名 "
    "クレジットカード支払い方法 クレジットカード支払い回数 配送方法 配送区分 注文種別 "
    "複数送付先フラグ 送付先一致フラグ 離島フラグ 楽天確認中フラグ 警告表示タイプ "
    "楽天会員フラグ 購入履歴修正有無フラグ 商品合計金額 消費税合計 送料合計 代引料合計 "
    "請求金額 合計金額 ポイント利用額 クーポン利用総額 店舗発行クーポン利用額 "
    "楽天発行クーポン利用額 注文者郵便番号1 注文者郵便番号2 注文者住所都道府県 "
    "注文者住所郡市区 注文者住所それ以降の住所 注文者姓 注文者名 注文者姓カナ "
    "注文者名カナ 注文者電話番号1 注文者電話番号2 注文者電話番号3 注文者メールアドレス "
    "注文者性別 申込番号 申込お届け回数 送付先ID 送付先送料 送付先代引料 送付先消費税合計 "
    "送付先商品合計金額 送付先合計金額 のし 送付先郵便番号1 送付先郵便番号2 "
    "送付先住所都道府県 送付先住所郡市区 送付先住所それ以降の住所 送付先姓 送付先名 "
    "送付先姓カナ 送付先名カナ 送付先電話番号1 送付先電話番号2 送付先電話番号3 商品明細ID "
    "商品ID 商品名 商品番号 商品管理番号 単価 個数 送料込別 税込別 項目・選択肢 "
    "送付先送料税率 送付先代引料税率 商品税率 商品毎税込価格"
).split()
# ヤマト B2クラウド and 佐川 e飛伝Ⅲ, github.com/and-period/furumaru and other shops' programs.
YAMATO = (
    "お客様管理番号 送り状種類 クール区分 伝票番号 出荷予定日 お届け予定日 配送時間帯 "
    "お届け先コード お届け先電話番号 お届け先電話番号枝番 お届け先郵便番号 お届け先住所 "
    "お届け先アパートマンション名 お届け先会社・部門１ お届け先会社・部門２ お届け先名 "
    "お届け先名(ｶﾅ) 敬称 ご依頼主コード ご依頼主電話番号 ご依頼主電話番号枝番 "
    "ご依頼主郵便番号 ご依頼主住所 ご依頼主アパートマンション名 ご依頼主名 ご依頼主名(ｶﾅ) "
    "品名コード１ 品名１"
).split()
SAGAWA = (
    "お届け先コード取得区分 お届け先コード お届け先電話番号 お届け先郵便番号 "
    "お届け先住所１ お届け先住所２ お届け先住所３ お届け先名称１ お届け先名称２ "
    "お客様管理番号 お客様コード 部署ご担当者コード取得区分 部署ご担当者コード "
    "部署ご担当者名称 荷送人電話番号 ご依頼主コード取得区分 ご依頼主コード "
    "ご依頼主電話番号 ご依頼主郵便番号 ご依頼主住所１ ご依頼主住所２ ご依頼主名称１ "
    "ご依頼主名称２ 荷姿 品名１ 配達日 代金引換額 メールアドレス"
).split()
# e飛伝Ⅱ as a shop's template has it, with the columns that must be filled marked.
SAGAWA_OLD = (
    "住所録コード お届け先電話番号 お届け先郵便番号 お届け先住所１（必須） お届け先住所２ "
    "お届け先住所３ お届け先名称１（必須） お届け先名称２ お客様管理ナンバー お客様コード "
    "部署・担当者 荷送人電話番号 ご依頼主電話番号 ご依頼主郵便番号 ご依頼主住所１ "
    "ご依頼主住所２ ご依頼主名称１ ご依頼主名称２ 品名１"
).split()
# Eight: as programs that take its file over list the columns; the office's own labels follow.
EIGHT = (
    "会社名 部署名 役職 姓 名 e-mail 郵便番号 住所 TEL会社 TEL部門 TEL直通 Fax 携帯電話 "
    "URL 名刺交換日 展示会2025"
).split()

# Sansan: as public programs that take its file over list the columns; of them its makers' own
# help names 氏名[姓], e-mail(1) and 名刺所有者ユーザID. No list of theirs was found.
SANSAN = (
    "会社名 会社名（英名） 会社名（カナ） 部署名 役職 氏名 氏名［姓］ 氏名［名］ 氏名（カナ） "
    "氏名（カナ）［姓］ 氏名（カナ）［名］ 郵便番号(1) 住所(1)［全て］ 住所(1)［都道府県］ "
    "住所(1)［市区町村］ 住所(1)［番地］ 住所(1)［ビル名］ TEL-1(1) TEL-2(1) FAX(1) "
    "携帯電話(1) {email} URL(1) 郵便番号(2) 住所(2)［全て］ TEL-1(2) FAX(2) 携帯電話(2) "
    "名刺所有者ユーザID"
)


@tagged("standard", "at_install")
class TestReadingHeadings(Reading):
    def _row(self, headings, profile, **values):
        """Read one row; `values` by heading, the first of that name."""
        cells = [""] * len(headings)
        for heading, value in values.items():
            cells[headings.index(heading)] = value
        source = self.open("\n".join([",".join(headings), ",".join(cells)]) + "\n")
        mapping = recognise(source.headings, source.samples)
        self.assertEqual(mapping.profile, profile)
        rows, rejects = self.converted(source, mapping)
        self.assertFalse(rejects)
        return rows.iloc[0]

    def test_eccube(self):
        row = self._row(ECCUBE_CUSTOMERS, "eccube_customers", **{
            "会員ID": "7", "お名前(姓)": "山田", "お名前(名)": "花子", "性別(ID)": "2",
            "初回購入日": "2020-01-01 00:00:00", "登録日": "2019-05-03 10:00:00",
        })  # fmt: skip
        self.assertEqual((row["ref"], row["name"], row["gender"]), ("7", "山田 花子", "female"))
        self.assertEqual(str(row["acquired_on"]), "2019-05-03")
        row = self._row(ECCUBE_ORDERS, "eccube_orders", **{
            "注文番号": "N1", "受注日": "2026-05-03 10:11:12", "注文詳細ID": "11",
            "お名前(姓)": "森", "配送先_お名前(姓)": "原", "価格": "1000", "個数": "3",
            "税率": "8", "送料": "500",
            "対応状況(名称)": "発送済み", "明細区分(名称)": "商品",
        })  # fmt: skip
        self.assertEqual((row["external_key"], row["slip"], row["name"]), ("11", "N1", "森"))
        self.assertEqual((row["amount"], row["tax"], row["shipping"]), (3000, 240, 500))

    def test_rakuten_counts_the_price_with_tax_whatever_the_shop_enters(self):
        values = {
            "注文番号": "R1", "ステータス": "700", "注文日時": "2026-05-03 10:11:12",
            "注文者姓": "森", "送付先姓": "原", "商品明細ID": "D1", "個数": "2", "商品税率": "0.08",
            "税込別": "0", "単価": "1000", "商品毎税込価格": "1080",
        }  # fmt: skip
        row = self._row(RAKUTEN, "rakuten_orders", **values)
        self.assertEqual((row["amount"], row["tax"], row["name"]), (2000, 160, "森"))
        # Orders of old have neither the rate nor the price with it.
        old = values | {"商品税率": "", "商品毎税込価格": "", "単価": "1100"}
        row = self._row(RAKUTEN, "rakuten_orders", **old)
        self.assertEqual((row["amount"], row["tax"]), (2000, 200))

    def test_parcel_services(self):
        row = self._row(YAMATO, "yamato_b2", **{
            "お届け先電話番号": "03-1234-5678", "お届け先郵便番号": "1500001",
            "お届け先住所": "東京都渋谷区神宮前1-2-3", "お届け先名": "森 一", "ご依頼主名": "当社",
        })  # fmt: skip
        self.assertEqual((row["name"], row["city"]), ("森 一", "渋谷区"))
        for headings, first in ((SAGAWA, "お届け先住所１"), (SAGAWA_OLD, "お届け先住所１（必須）")):
            name = next(heading for heading in headings if "名称１" in heading)
            code = "お届け先コード" if headings is SAGAWA else "住所録コード"
            row = self._row(headings, "sagawa_hiden", **{
                code: "S1", first: "東京都渋谷区神宮前", "お届け先住所２": "1-2-3", name: "森 一",
                "ご依頼主名称１": "当社",
            })  # fmt: skip
            self.assertEqual((row["ref"], row["name"]), ("S1", "森 一"))
            self.assertEqual((row["city"], row["street"]), ("渋谷区", "神宮前1-2-3"))

    def test_business_cards(self):
        row = self._row(EIGHT, "business_cards", **{
            "会社名": "株式会社ウィング", "姓": "山田", "名": "太郎", "TEL会社": "03-1234-5678",
            "TEL直通": "03-1234-9999", "名刺交換日": "2026/05/03", "展示会2025": "1",
        })  # fmt: skip
        self.assertEqual((row["name"], row["company_name"]), ("山田 太郎", "株式会社ウィング"))
        self.assertEqual((row["company_phone"], row["phone"]), ("03-1234-5678", "03-1234-9999"))
        self.assertEqual(str(row["acquired_on"]), "2026-05-03")

    def test_business_cards_with_a_second_address(self):
        for email in ("e-mail(1)", "Email(1)"):
            headings = SANSAN.format(email=email).split()
            values = {
                "会社名": "株式会社ウィング", "会社名（カナ）": "ウィング", "役職": "課長",
                "氏名": "五十嵐 一", "氏名［姓］": "五十嵐", "氏名［名］": "一",
                "氏名（カナ）［姓］": "イガラシ", "氏名（カナ）［名］": "ハジメ",
                "郵便番号(1)": "150-0001", "住所(1)［全て］": "東京都渋谷区神宮前1-2-3 原宿ビル",
                "住所(1)［都道府県］": "東京都", "住所(1)［市区町村］": "渋谷区",
                "住所(1)［番地］": "神宮前1-2-3", "住所(1)［ビル名］": "原宿ビル",
                "TEL-1(1)": "03-1234-5678", "FAX(1)": "03-1234-9999",
                "携帯電話(1)": "090-1234-5678", email: "i@example.com",
                "郵便番号(2)": "530-0001", "TEL-1(2)": "06-1111-1111",
            }  # fmt: skip
            expected = {
                "name": "五十嵐 一", "kana": "イガラシ ハジメ", "company_name": "株式会社ウィング",
                "company_zip": "150-0001", "company_state": "東京都", "company_city": "渋谷区",
                "company_street": "神宮前1-2-3", "company_street2": "原宿ビル",
                "company_phone": "03-1234-5678", "company_fax": "03-1234-9999",
                "mobile": "090-1234-5678", "email": "i@example.com", "zip": "", "phone": "",
            }  # fmt: skip
            row = self._row(headings, "business_cards", **values)
            self.assertEqual({target: row[target] for target in expected}, expected)
            # Which columns are put out is chosen there: the pieces of the address do as well.
            headings.remove("住所(1)［全て］")
            del values["住所(1)［全て］"]
            row = self._row(headings, "business_cards", **values)
            self.assertEqual({target: row[target] for target in expected}, expected)
