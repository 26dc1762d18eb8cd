"""Ready mappings for files that many offices have."""

import re
from dataclasses import dataclass, field

from .values import plain


@dataclass(frozen=True)
class Profile:
    """``kind``: "" for any. ``columns``: pairs of a heading and its target, "" for a column nobody
    needs; a heading may stand twice; none at all: what headings and contents say counts.
    ``telling``: headings by which such a file is known; ``or_telling``: others that do as well.
    ``column_options`` by heading or target; ``second``: the column counts where the other of its
    target is empty."""

    kind: str
    columns: tuple
    telling: tuple = ()
    options: dict = field(default_factory=dict)
    column_options: dict = field(default_factory=dict)
    or_telling: tuple = ()


def _pairs(text):
    return tuple(tuple(word.split("=")) for word in text.split())


_GENDERS = {"gender": {"codes": {"1": "male", "2": "female"}}}

PROFILES = {
    # The output of a customer program as printed in the guide to the portfolio's introduction.
    "seed_001": Profile(
        "customers",
        _pairs(
            "顧客コード=ref 氏名=name 氏名=kana 性別=gender 役職=function 部署=department "
            "会社名=company_name "
            "会社名=company_kana 会社名= 郵便番号=zip 住所1=address_1 住所2=address_2 "
            "電話番号=phone"
        ),
        ("顧客コード", "氏名", "氏名", "性別", "役職", "部署", "会社名", "会社名", "会社名"),
        column_options=_GENDERS,
    ),
    "eccube_orders": Profile(
        "sales",
        _pairs(
            "注文番号=slip 会員ID=customer_code お名前(姓)=family_name お名前(名)=given_name "
            "お名前(セイ)=family_kana お名前(メイ)=given_kana 会社名=company_name 郵便番号=zip "
            "都道府県(名称)=state 住所1=address_1 住所2=address_2 メールアドレス=email TEL=phone "
            "値引き=discount 送料=shipping 支払合計=order_total 対応状況(名称)=status 受注日=date "
            "注文詳細ID=external_key 商品名=product_name 商品コード=product_code "
            "規格分類名1=attribute_1 規格分類名2=attribute_2 価格=unit_price 個数=quantity "
            "税率=tax_rate 明細区分(名称)=line_kind"
        ),
        ("注文ID", "注文番号", "対応状況(名称)", "注文詳細ID", "明細区分(名称)"),
        {
            "tax_included": False,
            "shipping_included": False,
            "totals_once": True,
            "line_filter": ["商品"],
            "excluded_status": ["注文取消し", "決済処理中", "購入処理中", "返品"],
        },
    ),
    "rakuten_orders": Profile(
        "sales",
        _pairs(
            "注文番号=slip ステータス=status 注文日時=date 送料合計=shipping "
            "クーポン利用総額=discount "
            "請求金額=order_total 注文者郵便番号1=zip_1 注文者郵便番号2=zip_2 "
            "注文者住所都道府県=state "
            "注文者住所郡市区=city 注文者住所それ以降の住所=address_1 注文者姓=family_name "
            "注文者名=given_name 注文者姓カナ=family_kana 注文者名カナ=given_kana "
            "注文者電話番号1=phone_1 注文者電話番号2=phone_2 注文者電話番号3=phone_3 "
            "注文者メールアドレス=email 商品明細ID=external_key 商品名=product_name "
            "商品番号=product_code 商品毎税込価格=unit_price 単価=unit_price 商品税率=tax_rate "
            "個数=quantity 項目・選択肢=attribute_text"
        ),
        ("注文番号", "ステータス", "注文日時", "注文者姓", "商品明細ID"),
        {
            "tax_included": True,
            "shipping_included": False,
            "totals_once": True,
            "excluded_status": ["800", "900", "キャンセル確定待ち", "キャンセル確定"],
        },
        # A shop may enter its prices without tax; then only the other price has it.
        {"単価": {"second": True}},
    ),
    "eccube_customers": Profile(
        "customers",
        _pairs(
            "会員ID=ref お名前(姓)=family_name お名前(名)=given_name お名前(セイ)=family_kana "
            "お名前(メイ)=given_kana 会社名=company_name 郵便番号=zip 都道府県(名称)=state "
            "住所1=address_1 住所2=address_2 メールアドレス=email TEL=phone 性別(ID)=gender "
            "誕生日=birthdate ショップ用メモ欄=note 会員ステータス(名称)=personal_type "
            "登録日=acquired_on"
        ),
        ("会員ID", "お名前(姓)", "お名前(名)", "会員ステータス(ID)", "登録日"),
        column_options=_GENDERS,
    ),
    # The address book and the list of shipments: a person may stand in it many times.
    "yamato_b2": Profile(
        "customers",
        _pairs(
            "お届け先コード=ref お届け先電話番号=phone お届け先郵便番号=zip お届け先住所=address "
            "お届け先アパートマンション名=street2 お届け先会社・部門１=company_name "
            "お届け先会社・部門２=department お届け先名=name お届け先名(ｶﾅ)=kana "
            "お届け先会社・部門名１=company_name お届け先会社・部門名２=department "
            "会社・部門１=company_name 会社・部門２=department "
            "お届け予定eメールアドレス=email"
        ),
        ("お届け先郵便番号", "お届け先住所", "お届け先アパートマンション名", "お届け先名"),
    ),
    "sagawa_hiden": Profile(
        "customers",
        _pairs(
            "お届け先コード=ref 住所録コード=ref お届け先電話番号=phone お届け先郵便番号=zip "
            "お届け先住所１=address_1 "
            "お届け先住所２=address_2 お届け先住所３=address_3 お届け先名称１=name "
            "お届け先名称２=name_2 メールアドレス=email"
        ),
        ("お届け先電話番号", "お届け先住所１", "お届け先名称１", "お届け先名称２"),
    ),
    # Eight, Sansan and their like: addresses and numbers are the company's. The headings with
    # (1) are Sansan's, whose (2) are those of a second address; as programs that take such
    # files over list them: its makers do not publish the list.
    "business_cards": Profile(
        "customers",
        _pairs(
            "会社名=company_name 会社名カナ=company_kana 部署名=department 部署=department "
            "役職=function 氏名=name 姓=family_name 名=given_name 姓(カナ)=family_kana "
            "名(カナ)=given_kana 姓カナ=family_kana 名カナ=given_kana e-mail=email Email=email "
            "メールアドレス=email 郵便番号=company_zip 住所=company_address TEL会社=company_phone "
            "TEL=company_phone TEL直通=phone 直通電話=phone 電話番号=company_phone Fax=company_fax "
            "携帯電話=mobile 携帯=mobile 名刺交換日=acquired_on メモ=note 所有者=staff "
            "会社名（カナ）=company_kana 氏名［姓］=family_name 氏名［名］=given_name "
            "氏名（カナ）=kana 氏名（カナ）［姓］=family_kana 氏名（カナ）［名］=given_kana "
            "郵便番号(1)=company_zip 住所(1)［全て］=company_address "
            "住所(1)［都道府県］=company_state 住所(1)［市区町村］=company_city "
            "住所(1)［番地］=company_street 住所(1)［ビル名］=company_street2 "
            "TEL-1(1)=company_phone FAX(1)=company_fax 携帯電話(1)=mobile e-mail(1)=email "
            "Email(1)=email 名刺所有者名=staff"
        ),
        ("会社名", "役職", "名刺交換日"),
        or_telling=("会社名", "TEL-1(1)"),
    ),
    # Both are read by their headings alone: what they are called is everybody's own.
    "products": Profile("products", ()),
    "free": Profile("", ()),
}


def name_of(heading):
    """Return a heading as profiles have it: some templates mark columns that must be filled.

    >>> name_of("お届け先住所１（必須）")
    'お届け先住所1'
    """
    return plain(re.sub("[(（]必須[)）] *$", "", heading))


def fitting(headings):
    """Return the code of the ready profile that fits a file's headings, "" for none."""
    have = [name_of(heading) for heading in headings]
    for code, profile in PROFILES.items():
        for telling in (profile.telling, profile.or_telling):
            wanted = [plain(heading) for heading in telling]
            if wanted and all(have.count(one) >= wanted.count(one) for one in wanted):
                return code
    return ""
