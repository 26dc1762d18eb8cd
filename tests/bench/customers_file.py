"""The file of the line import_customers: people nobody has heard of, CP932, Japanese headings."""

import csv
import hashlib

HEADINGS = (
    "顧客コード 氏名 フリガナ 郵便番号 住所 電話番号 携帯電話 メールアドレス "
    "性別 生年月日 会社名 部署 役職 メルマガ 備考"
).split()
FAMILIES = [pair.split("/") for pair in (
    "佐藤/サトウ 鈴木/スズキ 高橋/タカハシ 田中/タナカ 清水/シミズ 森/モリ 池田/イケダ "
    "橋本/ハシモト 石川/イシカワ 前田/マエダ 藤田/フジタ "
    "岡田/オカダ 後藤/ゴトウ 村上/ムラカミ 近藤/コンドウ "
    "石井/イシイ 坂本/サカモト 遠藤/エンドウ 青木/アオキ 藤井/フジイ 西村/ニシムラ 福田/フクダ "
    "太田/オオタ 三浦/ミウラ 岡本/オカモト 松田/マツダ 中島/ナカジマ 原田/ハラダ 小野/オノ "
    "田村/タムラ"
).split()]
FIRSTS = [pair.split("/") for pair in (
    "明/アキ 和/カズ 正/マサ 秀/ヒデ 義/ヨシ 信/ノブ 俊/トシ 康/ヤス 友/トモ 光/ミツ 美/ミ 千/チ "
    "由/ユ 佳/カ 真/マ 恵/エ 久/ク 早/サ 直/ナオ 文/フミ 史/シ 茂/シゲ 昭/テル 勝/カツ 清/キヨ"
).split()]
LASTS = [pair.split("/") for pair in (
    "夫/オ 男/オ 雄/ユウ 子/コ 美/ミ 代/ヨ 江/エ 枝/エ 彦/ヒコ 之/ユキ 樹/キ 哉/ヤ 香/カ 奈/ナ "
    "絵/エ 里/リ 輝/キ 司/シ 介/スケ 平/ヘイ 郎/ロウ 太/タ 紀/キ 穂/ホ 織/オリ 乃/ノ"
).split()]
TOWNS = [town.split("/") for town in (
    "100-0001/東京都/千代田区/千代田 150-0001/東京都/渋谷区/神宮前 460-0008/愛知県/名古屋市中区/栄 "
    "530-0001/大阪府/大阪市北区/梅田 231-0023/神奈川県/横浜市中区/山下町 "
    "812-0011/福岡県/福岡市博多区/博多駅前 980-0811/宮城県/仙台市青葉区/一番町 "
    "730-0011/広島県/広島市中区/基町 160-0023/東京都/新宿区/西新宿 104-0061/東京都/中央区/銀座"
).split()]
STAFF = 5  # people of a company in the file
NOBODY = 5  # every so many-th block of STAFF people belongs to a company


def write(path, rows):
    """Write new customers; return the hash of what must be known of them afterwards.

    A fifth of them belong to companies, five to each, and give the address of the office. Codes,
    addresses of e-mail and numbers are nobody else's; names repeat as they do.
    """
    digest = Digest()
    with open(path, "w", encoding="cp932", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        for number in range(rows):
            cells, known = _row(number)
            writer.writerow(cells)
            digest.add(known)
    return digest.text()


def _row(n):
    """The cells of a row, and what is known of the person when it is imported."""
    mixed = n * 2654435761 % (1 << 32)
    family, first, last = (
        words[mixed // by % len(words)]
        for words, by in ((FAMILIES, 1), (FIRSTS, 31), (LASTS, 977))
    )
    name = f"{family[0]} {first[0]}{last[0]}"
    kana = f"{family[1]} {first[1]}{last[1]}"
    office = n // STAFF if n // STAFF % NOBODY == 0 else None
    house = n if office is None else office * STAFF
    zip_, state, city, town = TOWNS[house % len(TOWNS)]
    street = town + "-".join(
        str(1 + part) for part in (house // 10 % 50, house // 500 % 50, house // 25_000 % 60)
    )
    code, email = f"N{n:08}", f"n{n}.{mixed % 97}@example.jp"
    phone, mobile = f"045-{n // 10_000 + 200:03}-{n % 10_000:04}", ""
    if n % 3:
        mobile = f"090-{1000 + n // 10_000:04}-{n % 10_000:04}"
    gender = "男女"[mixed % 2]
    born = f"{1940 + mixed % 65}/{1 + mixed // 7 % 12}/{1 + mixed // 11 % 28}"
    owner = FAMILIES[(office or 0) % len(FAMILIES)][0]
    company = f"株式会社{owner}製作所{office}" if office is not None else ""
    department, function = (
        ("総務部 営業部 経理部 製造部".split()[n % 4], "部長 課長 係長".split()[n % 3])
        if company else ("", "")
    )
    mail = ("希望する", "希望しない", "")[n % 3]
    note = "展示会で名刺交換" if n % 10 == 3 else ""
    cells = (code, name, kana, zip_, state + city + street, phone, mobile, email, gender, born,
             company, department, function, mail, note)  # fmt: skip
    consent = ("allowed", "refused", "")[n % 3]
    day = "-".join(f"{int(part):02}" for part in born.split("/"))
    known = (code, name, kana, zip_, state, city, street, phone, mobile, email,
             ("male", "female")[mixed % 2], day, company, department, function, consent,
             note)  # fmt: skip
    return cells, known


KNOWN = """
SELECT p.ref, p.name, p.kana, p.zip, s.name, p.city, p.street, p.phone,
    COALESCE(p.mobile_phone, ''), p.email, p.gender, p.birthdate::text,
    COALESCE(c.name, ''), COALESCE(a.department, ''), COALESCE(p.function, ''),
    COALESCE(k.state, ''), COALESCE(regexp_replace(p.comment, '<[^>]*>', '', 'g'), '')
FROM res_partner p
LEFT JOIN res_country_state s ON s.id = p.state_id
LEFT JOIN res_partner c ON c.id = p.parent_id
LEFT JOIN kokyaku_affiliation a ON a.partner_id = p.id AND a.is_main
LEFT JOIN kokyaku_consent k ON k.partner_id = p.id AND k.channel = 'email'
    AND k.purpose = 'promotion'
WHERE p.ref ~ '^N[0-9]{8}$' ORDER BY p.ref
"""


def known(cr):
    """The same hash of what the database knows."""
    digest = Digest()
    cr.execute(f"DECLARE known NO SCROLL CURSOR FOR {KNOWN}")
    while True:
        cr.execute("FETCH 10000 FROM known")
        rows = cr.fetchall()
        if not rows:
            break
        for row in rows:
            digest.add(row)
    cr.execute("CLOSE known")
    return digest.text()


class Digest:
    """A number and a hash of rows in their order."""

    def __init__(self):
        self._hash, self._count = hashlib.sha256(), 0

    def add(self, row):
        self._count += 1
        self._hash.update("\0".join(row).encode() + b"\n")

    def text(self):
        return self._count, self._hash.hexdigest()[:16]
