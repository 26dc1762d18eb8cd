"""敬称: which one stands after a name, and why never two.

様 for people; 先生 alone, never 先生様; 御中 for an organisation or a department, never
together with a person's; 各位 for many. A position stands before the name (営業部長 山田太郎様,
never 山田部長様). After 手紙の書き方 as collected in domain.md §5.3.
"""

import re

PERSON = "様"
ORGANISATION = "御中"
# Honorifics that only an organisation may carry, and that a person therefore never gets.
_OF_MANY = ("御中", "各位")
# Typed behind a name. 殿, 行, 宛 and 係 count only after a space: 真殿 is a family name.
_TYPED = re.compile(r"^(.+?)(?:[ \u3000]*(様|さま|御中|先生|各位)|[ \u3000]+(殿|行|宛|気付))$")

# What children and pets are called, at home only.
_AT_HOME = re.compile("^(.+?)[ \u3000]*(ちゃん|くん)$")

_DEPARTMENT = re.compile(
    "(本社|支社|本店|支店|営業所|事業所|事務所|出張所|研究所|製作所|工場|倉庫|センター|事務局|本部|"
    "[本別新旧会]館|[^\\s]{2,}部|[^\\s]{2,}課|[^\\s]{2,}係|窓口|受付|担当|担当者)$"
)
# Family names of three and more characters that end like a department.
_FAMILY_NAMES = re.compile(
    "(長谷部|日下部|[曽曾宗]我部|額田部|小谷部|大矢部|小矢部|五十部|神宮部)$"
)


def split(name):
    """A name and the honorific that was typed behind it.

    >>> split("山田 太郎 様")
    ('山田 太郎', '様')
    >>> split("真殿")
    ('真殿', '')

    :return: (name, honorific); 行 and 宛, which one writes of oneself, are dropped
    """
    found = _TYPED.match(name)
    if not found or found.group(1).endswith("お客"):
        return name, ""
    typed = found.group(2) or found.group(3)
    if typed in ("行", "宛"):
        typed = ""
    return found.group(1), PERSON if typed == "さま" else typed


def split_joint(name):
    """As `split`, for those who stand beside a person (連名): children and pets among them.

    >>> split_joint("ポチちゃん"), split_joint("山田 花子")
    (('ポチ', 'ちゃん'), ('山田 花子', ''))
    """
    found = _AT_HOME.match(name)
    return found.groups() if found else split(name)


def is_department(name):
    """Whether a name under a company is a place or department rather than a person.

    For names of one word only (服部, 渡部 and 長谷部 are people all the same).

    >>> is_department("総務部"), is_department("長谷部"), is_department("阿部")
    (True, False, False)
    """
    return bool(_DEPARTMENT.search(name)) and not _FAMILY_NAMES.search(name)


def choose(organisation, typed="", own=None, wanted=None):
    """The one honorific of an address (敬称).

    :param organisation: True for a company or a department without a person
    :param typed: what stood behind the name (see `split`)
    :param own: the recipient's own honorific, from the master; empty: expressly none;
        None: not said
    :param wanted: one honorific for everyone of this print; empty: none at all; None: each
        their own. An organisation keeps 御中 whatever is wanted for people.
    :return: the honorific, possibly empty
    """
    said = own if wanted is None else wanted
    if said == "":
        return ""
    if organisation:
        return next((one for one in (said, own, typed) if one in _OF_MANY), ORGANISATION)
    return next((one for one in (said, typed) if one and one != ORGANISATION), PERSON)
