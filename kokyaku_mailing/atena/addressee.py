"""One recipient (宛先), cleaned and ready to be set on paper."""

from dataclasses import dataclass, field

from . import codes, honorific
from .text import clean, is_japanese, postal_code, without_selectors

PREFECTURES = frozenset(
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 "
    "神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 "
    "大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 "
    "福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県".split()
)


@dataclass(slots=True)
class Addressee:
    """What stands on one piece of post.

    :param key: whatever the caller knows the recipient by
    :param name: of the person, or of the organisation when there is none
    :param honorific: 敬称, already chosen; may be empty
    :param organisation: True when `name` is a company's or a department's
    :param postal_code: as printed, without 〒
    :param region: prefecture and city (都道府県・市区町村)
    :param street: town and number (町域・番地)
    :param building: 建物名・部屋番号
    :param company: of the person
    :param department: 部署
    :param function: 役職
    :param foreign_lines: a foreign address in its own country's order; replaces the above
    :param joint: the others on post to the home (連名), as ``(name, honorific)``; a family name
        that `name` begins with is left out
    :param problems: codes found so far (see `codes`)
    """

    key: int
    name: str
    honorific: str = ""
    organisation: bool = False
    postal_code: str = ""
    region: str = ""
    street: str = ""
    building: str = ""
    company: str = ""
    department: str = ""
    function: str = ""
    foreign_lines: tuple = ()
    joint: tuple = ()
    problems: list = field(default_factory=list)


def region_and_street(state, city, street):
    """Prefecture, city and street without what was typed twice.

    Offices type the whole address into the street although prefecture and city have their own
    fields. A prefecture is recognised in front of the city and of the street.

    >>> region_and_street("東京都", "東京都千代田区", "千代田区霞が関1-3-2")
    ('東京都千代田区', '霞が関1-3-2')
    """
    if state and city.startswith(state):
        city = city[len(state) :].lstrip(" \u3000")
    if state and street.startswith(state):
        street = street[len(state) :].lstrip(" \u3000")
    elif not state and (street[:3] in PREFECTURES or street[:4] in PREFECTURES):
        if city in street:  # the street is the whole address
            return "", street
    if city and street.startswith(city):
        street = street[len(city) :].lstrip(" \u3000")
    return state + city, street


def family_part(name):
    """The family name and the space behind it; empty when the name is written as one word.

    >>> family_part("山田 太郎"), family_part("ポチ")
    ('山田 ', '')
    """
    family, space, given = name.replace("\u3000", " ").partition(" ")
    return name[: len(family) + 1] if space and given else ""


def joint_name(name, head):
    """The name of a joint addressee (連名) below `head`: without a family name they share.

    >>> joint_name("山田 花子", "山田 太郎"), joint_name("山田花子", "山田 太郎")
    ('花子', '花子')
    >>> joint_name("鈴木 花子", "山田 太郎"), joint_name("花子", "山田 太郎")
    ('鈴木 花子', '花子')
    """
    family = family_part(head).strip()
    given = name.removeprefix(family).lstrip() if family else ""
    return given or name


def make(
    key,
    *,
    name,
    organisation=False,
    own_honorific=None,
    wanted_honorific=None,
    postal="",
    state="",
    city="",
    street="",
    building="",
    company="",
    department="",
    function="",
    foreign_lines=(),
    joint=(),
):
    """An `Addressee` from the fields of a master, cleaned, with its honorific and problems.

    A company's name is not repeated when the person's own name equals it.
    Texts may be empty or false. `joint` are the full names of those who stand beside the person.
    """
    problems = []
    selectors = False

    def tidy(value):
        nonlocal selectors
        value = clean(value)
        if value and not value.isascii():
            value, found = without_selectors(value)
            selectors = selectors or found
        return value

    name, typed = honorific.split(tidy(name))
    company = tidy(company)
    department = tidy(department)
    if company == name:
        company = ""
    code, known = postal_code(postal)
    region, street = region_and_street(tidy(state), tidy(city), tidy(street))
    if foreign_lines:
        foreign_lines = tuple(line for line in map(tidy, foreign_lines) if line)
        # On a foreign letter only a name in Japanese characters has an honorific by itself.
        chosen = own_honorific if wanted_honorific is None else wanted_honorific
        if chosen is None:
            chosen = typed or (honorific.PERSON if is_japanese(name) else "")
        if chosen == honorific.ORGANISATION or organisation:
            chosen = ""
    else:
        chosen = honorific.choose(organisation, typed, own_honorific, wanted_honorific)
        if not region and not street or not street and region in PREFECTURES:
            problems.append(codes.NO_ADDRESS)
        if not code:
            problems.append(codes.NO_POSTAL_CODE)
        elif not known:
            problems.append(codes.ODD_POSTAL_CODE)
    if not name:
        problems.append(codes.NO_NAME)
    made = Addressee(
        key,
        name,
        chosen,
        organisation,
        code,
        region,
        street,
        tidy(building),
        company,
        department,
        tidy(function),
        foreign_lines,
        tuple(
            (joint_name(other, name), _beside(other, typed, wanted_honorific, foreign_lines))
            for other, typed in (honorific.split_joint(tidy(one)) for one in joint)
            if other and other != name
        ),
        problems,
    )
    if selectors:
        problems.append(codes.VARIANT_GLYPH)
    return made


def _beside(name, typed, wanted, foreign):
    """The honorific of a joint addressee; the title of the person is not theirs."""
    if foreign and wanted is None and not typed and not is_japanese(name):
        return ""
    return honorific.choose(False, typed, None, wanted)
