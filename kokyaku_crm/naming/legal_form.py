"""法人格: what stands before or behind a company's name and says nothing about who it is.

The words are written as they look when folded (see ``fold``): half-width brackets, large kana,
small Latin letters. They only count at the beginning or the end of a name.
"""

_WHOLE = """
株式会社 有限会社 合同会社 合資会社 合名会社 相互会社 特例有限会社 一般社団法人 一般財団法人
公益社団法人 公益財団法人 社団法人 財団法人 医療法人 医療法人社団 医療法人財団 社会医療法人
社会医療法人社団 社会医療法人財団 学校法人 準学校法人 宗教法人 社会福祉法人 特定非営利活動法人
npo法人 認定npo法人 独立行政法人 地方独立行政法人 国立大学法人 公立大学法人 弁護士法人
税理士法人 司法書士法人 行政書士法人 社会保険労務士法人 土地家屋調査士法人 弁理士法人 監査法人
特許業務法人 更生保護法人 管理組合法人 農事組合法人 有限責任事業組合 有限責任監査法人
投資事業有限責任組合 企業組合 カブシキガイシヤ カブシキカイシヤ ユウゲンガイシヤ ユウゲンカイシヤ
ゴウドウガイシヤ ゴウドウカイシヤ ゴウシガイシヤ ゴウメイガイシヤ イツパンシヤダンホウジン
イツパンザイダンホウジン コウエキシヤダンホウジン コウエキザイダンホウジン シヤダンホウジン
ザイダンホウジン イリヨウホウジン イリヨウホウジンシヤダン ガツコウホウジン シユウキヨウホウジン
シヤカイフクシホウジン トクテイヒエイリカツドウホウジン
""".split()
# ㈱, （株） and (株) are one after folding.
_BRACKETED = """
株 有 同 資 名 相 医 医社 医財 学 宗 福 社福 一社 一財 公社 公財 社 財 特非 独 弁 税 監
カ ユ ド シ メ ソ イ シヤ ザイ ガク シユウ フク トクヒ ドク ベン ゼイ
""".split()
# Banks write the bracket on the side of the name only: カ)ウイング, ウイング(カ
_KANA = """
カ ユ ド シ メ ソ イ シヤ ザイ ガク シユウ フク トクヒ ドク ベン ゼイ
""".split()
_LATIN = ["co.,ltd.", "co., ltd.", "co.,ltd", "co., ltd", "ltd.", "inc.", "inc", "k.k.", "llc"]


def _sorted(words):
    """Longest first: the regular expressions take the first that fits."""
    return sorted(words, key=len, reverse=True)


IN_FRONT = _sorted(
    [*_WHOLE, *(f"({word})" for word in _BRACKETED), *(f"{word})" for word in _KANA)]
)
BEHIND = _sorted(
    [
        *_WHOLE,
        *(f"({word})" for word in _BRACKETED),
        *(f"({word}" for word in _KANA),
        *(f" {word}" for word in _LATIN),
        *(f",{word}" for word in _LATIN),
    ]
)
