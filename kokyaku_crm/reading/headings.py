"""The headings of Japanese files: what column is meant, whatever it is called."""

import re
import unicodedata
from functools import cache

from ..naming import fold_text

CUSTOMERS = {
    "ref": "顧客コード 顧客番号 顧客CD 顧客ID 顧客No お客様コード お客様番号 お客様ID "
    "得意先コード 得意先CD 得意先番号 個人コード 識別番号 取引先コード 会員ID 購入者ID "
    "届け先コード お届け先コード customercode customerid reference ref コード",
    "name": "氏名 名前 お名前 顧客名 お客様名 得意先名 得意先名１ 宛名 購入者名 注文者名 "
    "お届け先名 お届け先名称１ 会員名 氏名漢字 担当者氏名 届け先名 name fullname 顧客名称 "
    "顧客名１ displayname",
    "family_name": "姓 氏 苗字 お名前姓 氏名姓 姓漢字 注文者姓 名字 lastname familyname",
    "given_name": "名 お名前名 氏名名 名漢字 注文者名前 下の名前 firstname givenname",
    "kana": "フリガナ カナ 氏名カナ 氏名フリガナ 氏名かな ヨミガナ よみ 読み 読み仮名 顧客名カナ "
    "顧客名フリガナ カナ氏名 得意先名カナ 得意先名フリガナ お客様名カナ お客様名フリガナ "
    "お名前カナ お名前フリガナ 名前フリガナ 名前カナ 会員名カナ kana furigana お届け先名カナ "
    "ふりがな",
    "family_kana": "セイ お名前セイ 姓カナ 姓フリガナ 姓かな 姓読み 氏名セイ 注文者姓カナ カナ姓 "
    "フリガナ姓 フリガナセイ lastnamekana familynamekana",
    "given_kana": "メイ お名前メイ 名カナ 名フリガナ 名かな 名読み 氏名メイ 注文者名カナ カナ名 "
    "フリガナ名 フリガナメイ firstnamekana givennamekana",
    "company_name": "会社名 勤務先 勤務先名 法人名 企業名 会社名称 社名 団体名 会社 会社・部門１ "
    "勤務先会社名 取引先名 company companyname organization",
    "company_kana": "会社名カナ 会社名フリガナ 会社カナ 法人名カナ 勤務先カナ 勤務先名カナ "
    "社名カナ 社名フリガナ companykana",
    "department": "部署 部署名 所属 所属部署 部門 部署１ 会社・部門２ department",
    "function": "役職 役職名 肩書 肩書き 職位 title jobtitle position",
    "zip": "郵便番号 〒 郵便 自宅郵便番号 お届け先郵便番号 届け先郵便番号 住所郵便番号 zip "
    "zipcode postalcode postcode 郵便番号ハイフンあり",
    "state": "都道府県 都道府県名 県名 都道府県名称 注文者住所都道府県 住所都道府県 state "
    "prefecture 県",
    "city": "市区町村 市区郡町村 市町村 郡市区 注文者住所郡市区 市区町村名 city 市区郡 "
    "住所市区町村",
    "street": "町名番地 番地 町域番地 町域 丁目番地 それ以降の住所 注文者住所それ以降の住所 "
    "町名・番地 以降の住所 番地等 street 町村番地 住所番地",
    "street2": "建物名 建物 ビル名 マンション名 アパート・マンション名 建物名・部屋番号 "
    "お届け先アパートマンション名 建物名等 アパートマンション street2 方書 住所建物 "
    "住所建物名",
    "address": "住所 自宅住所 所在地 お届け先住所 届け先住所 現住所 ご住所 address 住所全体",
    "address_1": "住所1 自宅住所1 お届け先住所1 所在地1 address1 ご住所1 住所上段",
    "address_2": "住所2 自宅住所2 お届け先住所2 所在地2 address2 ご住所2 住所下段",
    "address_3": "住所3 自宅住所3 お届け先住所3 所在地3 address3 ご住所3",
    "phone": "電話番号 電話 TEL 自宅電話 自宅電話番号 電話番号１ TEL1 お届け先電話番号 "
    "届け先電話番号 連絡先 連絡先電話番号 お電話番号 phone telephone phonenumber 電話1 "
    "固定電話",
    "mobile": "携帯 携帯電話 携帯番号 携帯電話番号 電話番号携帯 mobile cell cellphone 携帯TEL "
    "電話番号２ TEL2",
    "fax": "FAX FAX番号 ファックス ファクス ファックス番号 自宅FAX",
    "email": "メールアドレス メール Eメール Eメールアドレス Email Mail Emailアドレス PCメール "
    "注文者メールアドレス メールアドレス1 emailaddress mailaddress 電子メール",
    "company_zip": "会社郵便番号 勤務先郵便番号 会社〒",
    "company_address": "会社住所 勤務先住所 勤務先所在地 会社所在地",
    "company_phone": "会社電話番号 勤務先電話番号 会社電話 勤務先電話 会社TEL 勤務先TEL 代表電話",
    "company_fax": "会社FAX 勤務先FAX 会社FAX番号",
    "gender": "性別 性別名称 gender sex 注文者性別 性別区分",
    "birthdate": "生年月日 誕生日 注文者誕生日 生年月日西暦 birthday birthdate dateofbirth "
    "お誕生日",
    "birthdate_year": "生年 誕生年 生年月日年",
    "birthdate_month": "誕生月 生月 生年月日月",
    "birthdate_day": "生日 生年月日日",
    "member_number": "会員番号 会員No 会員コード membernumber memberid カード番号",
    "acquired_on": "登録日 入会日 登録年月日 取得日 入手日 名刺交換日 登録日時 入会年月日 獲得日 "
    "初回登録日 作成日",
    "source": "紹介元 情報源 名簿 名簿名 入手元 入手経路 流入元 獲得経路 登録経路 きっかけ "
    "source",
    "note": "備考 メモ 備考欄 摘要 特記事項 ショップ用メモ欄 備考1 note notes memo remarks "
    "コメント",
    "personal_type": "個人区分 顧客区分 顧客種別 顧客分類",
    "selection_type": "選別区分 抽出区分 DM区分",
    "staff": "担当者 担当者名 営業担当 営業担当者 担当 担当者コード 担当社員 staff salesperson",
    "consent_email": "メルマガ メールマガジン メルマガ購読 メール配信 メルマガ配信 メール許可 "
    "メール配信可否 メルマガ希望 メルマガ受信 メールマガジン受信",
    "consent_post": "DM DM可否 DM送付 ダイレクトメール 郵送可否 DM許可 DM希望 郵送許可",
    "consent_phone": "電話可否 電話許可 電話連絡可否 架電可否",
    "consent_fax": "FAX可否 FAX許可 FAXDM",
    "is_company": "法人フラグ 法人区分 法人個人区分 iscompany",
}
SALES = {
    "external_key": "注文詳細ID 明細ID 商品明細ID 売上明細ID 受注明細ID 取引明細ID 明細キー",
    "slip": "伝票番号 伝票No 注文番号 受注番号 売上番号 注文ID 受注ID 売上伝票番号 レシート番号 "
    "取引番号 ordernumber orderid slip 納品書番号 取引ID 請求書番号 受注No 注文No 伝票 No",
    "line_no": "明細番号 行番号 明細No 行No 伝票行番号 明細行番号 枝番 行 lineno line",
    "date": "売上日 日付 購入日 注文日 注文日時 受注日 受注日時 売上年月日 取引日 取引日時 "
    "伝票日付 計上日 購入日時 受注年月日 購入年月日 お買上日 売上日付 販売日 年月日 精算日時 "
    "orderdate date 注文年月日 納品日 いつ",
    "date_year": "年 売上年",
    "date_month": "月 売上月",
    "date_day": "日 売上日日",
    "customer_code": CUSTOMERS["ref"] + " 会員番号 会員No 会員コード",
    "name": CUSTOMERS["name"],
    "family_name": CUSTOMERS["family_name"],
    "given_name": CUSTOMERS["given_name"],
    "kana": CUSTOMERS["kana"],
    "family_kana": CUSTOMERS["family_kana"],
    "given_kana": CUSTOMERS["given_kana"],
    "email": CUSTOMERS["email"],
    "phone": CUSTOMERS["phone"] + " 携帯 携帯電話",
    "zip": CUSTOMERS["zip"],
    "state": CUSTOMERS["state"],
    "city": CUSTOMERS["city"],
    "address": CUSTOMERS["address"],
    "address_1": CUSTOMERS["address_1"],
    "address_2": CUSTOMERS["address_2"] + " " + CUSTOMERS["street"],
    "address_3": CUSTOMERS["address_3"] + " " + CUSTOMERS["street2"],
    "company_name": CUSTOMERS["company_name"],
    "product_code": "商品コード 商品CD 商品番号 品番 商品ID 商品管理番号 SKU SKUコード "
    "品目コード JANコード JAN 型番 productcode itemcode 商品No 製品コード 品コード",
    "product_name": "商品名 品名 商品 品目 品目名 商品名称 内容 製品名 productname product item "
    "商品名コード 摘要",
    "category": "カテゴリ カテゴリー 商品分類 分類 部門 部門名 大分類 商品分類名 商品区分 品種 "
    "ジャンル category",
    "attribute_text": "色 カラー サイズ 規格 項目・選択肢 バリエーション 仕様 属性 color size "
    "variant 商品規格",
    "attribute_1": "規格分類名1 規格1",
    "attribute_2": "規格分類名2 規格2",
    "quantity": "数量 個数 点数 注文数 購入数 売上数量 数 quantity qty 購入点数 受注数量 "
    "注文数量",
    "unit_price": "単価 価格 販売単価 売単価 売上単価 販売価格 unitprice price 商品単価",
    "tax": "消費税 税額 消費税額 税 内消費税 外税 tax 消費税等 税金",
    "tax_rate": "税率 消費税率 taxrate",
    "amount": "金額 売上金額 購入金額 販売金額 小計 明細金額 税抜金額 税込金額 売上 amount "
    "subtotal 売上額 購入額 お買上金額 行金額 受注金額",
    "order_total": "合計 合計金額 支払合計 請求金額 総合計 注文合計 お支払い合計 伝票合計 総額 "
    "total 注文金額 請求合計",
    "shipping": "送料 送料合計 配送料 shipping",
    "discount": "値引き 値引 割引 値引額 割引額 クーポン クーポン利用総額 値引金額 discount",
    "status": "対応状況 ステータス 状態 注文ステータス 受注ステータス 取引状態 status "
    "対応状況名称",
    "line_kind": "明細区分 明細区分名称 行区分",
    "user": "担当者 担当者名 販売員 営業担当 担当 販売担当 スタッフ 営業担当者 担当者コード "
    "レジ担当 staff salesperson",
    "shop": "店舗 店舗名 店名 ショップ ショップ名 店舗コード モール 店 販売店 shop store 拠点 "
    "部門店舗",
    "medium": "媒体 媒体名 媒体コード 受注経路 注文経路 販売経路 受注方法 チャネル 購入経路 "
    "広告媒体 channel medium",
    "is_subscription": "定期 定期区分 定期フラグ 定期購入 定期便 subscription",
    "is_return": "返品 返品フラグ 返品区分 赤黒区分 赤黒 取引区分 伝票区分 売上区分 赤伝区分 "
    "return",
}
PRODUCTS = {
    "product_code": SALES["product_code"].replace("JANコード JAN ", "") + " コード",
    "product_name": SALES["product_name"] + " 名称",
    "category": SALES["category"],
    "unit_price": SALES["unit_price"] + " 標準価格 定価 上代 販売価格税抜 売価 標準売価 "
    "標準単価 標準販売価格 本体価格 小売価格 希望小売価格 売価単価 税抜単価 通常価格 店頭価格",
    "attribute_text": SALES["attribute_text"],
    "barcode": "JANコード JAN バーコード EAN EANコード barcode JANCODE GTIN",
}
BY_KIND = {"customers": CUSTOMERS, "sales": SALES, "products": PRODUCTS}

_SPLIT = {"郵便番号": "zip", "電話番号": "phone", "電話": "phone", "tel": "phone"}
_SPLIT |= dict.fromkeys(("携帯電話", "携帯番号", "携帯電話番号"), "mobile")
_SPLIT |= dict.fromkeys(("fax", "fax番号"), "fax")
_FRONTS = re.compile("^(?:注文者|購入者|ゴ依頼主|オ客様|顧客|会員|自宅|得意先|ゴ|オ)")
_ASIDES = re.compile(r"[(（\[【〔［][^)）\]】〕］]*[)）\]】〕］]|^必須|必須$")
_BACK = re.compile(r"([1-3])$")


def fold_heading(heading):
    """Return a heading as its spellings have it in common.

    >>> fold_heading("お名前（姓）"), fold_heading("電話番号１")
    ('オ名前姓', '電話番号1')
    >>> meaning("〒", "customers"), meaning("会社〒", "customers"), meaning("〒番号", "sales")
    ('zip', 'company_zip', '')
    """
    text = heading.replace("〒", "郵便番号")  # folding takes signs away
    return fold_text(text.replace("_", "").replace("※", "").replace("＊", "").replace("*", ""))


@cache
def _words(kind):
    words = {}
    for target, spellings in BY_KIND[kind].items():
        for word in spellings.split():
            words.setdefault(fold_heading(word), target)
    return words


@cache
def _split_words():
    return {fold_heading(word): target for word, target in _SPLIT.items()}


@cache
def meaning(heading, kind=None):
    """Return the target a heading stands for in a file of this kind (in any, without one).

    >>> meaning("お名前（姓）", "customers"), meaning("金額(円)", "sales"), meaning("天気", "sales")
    ('family_name', 'amount', '')
    """
    # what stands in brackets may be needed, お名前(姓), or not, 金額(円)
    for text in (heading, _ASIDES.sub("", heading)):
        folded = fold_heading(text)
        for one in (kind,) if kind else BY_KIND:
            words = _words(one)
            target = words.get(folded) or words.get(_FRONTS.sub("", folded))
            if folded and target:
                return target
    return ""


def part_of(heading):
    """Return the target and the number of a column that is a part (郵便番号1), else None.

    >>> part_of("注文者電話番号３"), part_of("住所1")
    (('phone', 3), None)
    """
    folded = fold_heading(heading)
    if match := _BACK.search(folded):
        stem = folded[:-1]
        target = _split_words().get(stem) or _split_words().get(_FRONTS.sub("", stem))
        if target:
            return target, int(match[1])
    return None


_DATA = re.compile(
    r"[-+¥\\△▲(]?[\d,./\-:() ]+\)?(円|年.*|月.*)?|[^@\s]+@[^@\s]+\.[^@\s]+|〒.*"
    r"|.*[都道府県市区町村]\S*\d.*"
)


def looks_like_data(cell):
    """Say whether a cell is a number, a date, a telephone number or an address, so no heading.

    >>> looks_like_data("2026/5/3"), looks_like_data("売上日"), looks_like_data("")
    (True, False, False)
    """
    cell = unicodedata.normalize("NFKC", cell).strip()
    return bool(cell) and bool(_DATA.fullmatch(cell))
