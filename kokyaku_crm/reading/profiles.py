"""Ready mappings for files that many offices have."""

from dataclasses import dataclass, field

from .values import plain


@dataclass(frozen=True)
class Profile:
    """``columns``: pairs of a heading and its target, "" for a column nobody needs; a heading
    may stand twice. ``telling``: headings by which a file of this kind is known."""

    kind: str
    columns: tuple
    telling: tuple = ()
    options: dict = field(default_factory=dict)
    column_options: dict = field(default_factory=dict)
    by_content: bool = False


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
            "商品番号=product_code 単価=unit_price 個数=quantity 項目・選択肢=attribute_text"
        ),
        ("注文番号", "ステータス", "注文日時", "注文者姓", "商品明細ID"),
        {
            "tax_included": True,
            "shipping_included": False,
            "totals_once": True,
            "excluded_status": ["800", "900", "キャンセル確定待ち", "キャンセル確定"],
        },
    ),
}


def fitting(headings):
    """Return the code of the ready profile that fits a file's headings, "" for none."""
    have = [plain(heading) for heading in headings]
    for code, profile in PROFILES.items():
        telling = [plain(heading) for heading in profile.telling]
        if telling and all(have.count(one) >= telling.count(one) for one in telling):
            return code
    return ""
