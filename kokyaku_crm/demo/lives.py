"""The lives of the demo's persons beside their purchases. Plain Python, no Odoo.

Who they are at home, where they worked before, what they allowed and what was talked about:
drawn at random, but the same for the same person on the same day, because each has random
numbers of their own. Days count back from today, so that the company never grows old.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

FAMILY = {
    "wife": (("和子", "カズコ"), ("由美", "ユミ"), ("恵子", "ケイコ"), ("幸", "サチ")),
    "husband": (("茂", "シゲル"), ("健二", "ケンジ"), ("隆史", "タカシ"), ("治", "オサム")),
    "eldest_son": (("大輝", "ダイキ"), ("翔", "ショウ"), ("直人", "ナオト")),
    "eldest_daughter": (("結衣", "ユイ"), ("彩", "アヤ"), ("奈々", "ナナ")),
    "grandchild": (("蓮", "レン"), ("陽葵", "ヒマリ"), ("湊", "ミナト")),
    "dog": (("ハナ", "ハナ"), ("コタロウ", "コタロウ"), ("モモ", "モモ")),
    "cat": (("ミケ", "ミケ"), ("クロ", "クロ"), ("タマ", "タマ")),
}
PETS = ("dog", "cat")
INTERESTS = (
    "tea travel hot_springs gardening golf reading kimono cooking flowers calligraphy theatre "
    "mountains shogi music pets"
).split()
SOURCES = {
    "exhibition": "exhibition",
    "introduction": "referral",
    "leaflet": "catalogue",
    "website": "web",
    "gift": "other",
    "": "phone",
}
BUSINESS_SOURCES = ("business_card", "exhibition", "visit", "referral")
EVIDENCE = {"business": "名刺交換", "private": "申込書"}
POSTS = ("係長", "主任", "課長", "営業課長", "店長")
ACTIVITIES = (
    ("call", "お歳暮のご案内のお電話"),
    ("call", "お届け後のご様子伺い"),
    ("todo", "見本を送る"),
    ("todo", "見積書を作る"),
    ("call", "送付先一覧のお願い"),
    ("email", "新商品のご案内を送る"),
)
MEETINGS = ("お歳暮の打合せ", "年末のご挨拶", "新年度の契約のご相談", "記念品の見本のご説明")
SHOWN = ("demo_person_001", "demo_person_165")
"""These have everything: the ones to open when the product is shown."""


@dataclass(frozen=True)
class Person:
    """What the data files say of a person.

    :param house: the company or department they belong to, or empty
    :param entry: how they came to us, by the demo's own code
    :param bought: (local day, what was bought, order) of the last two years, newest first
    """

    key: str
    female: bool
    family_name: str = ""
    family_kana: str = ""
    birthdate: date | None = None
    house: str = ""
    function: str = ""
    entry: str = ""
    email: bool = False
    bought: tuple = ()

    @property
    def who(self):
        return "business" if self.house else "private"


@dataclass(frozen=True)
class Text:
    """One row of ``contact_texts.csv``: a contact as it may have been."""

    who: str
    method: str
    kind: str
    direction: str
    months: tuple[int, ...]
    hours: float
    subject: str
    body: str

    @classmethod
    def from_row(cls, row: dict[str, str]) -> "Text":
        """Read one row of the file."""
        return cls(
            **{
                **row,
                "months": tuple(map(int, row["months"].split())),
                "hours": float(row["hours"] or 0),
            }
        )


@dataclass
class Life:
    """What is drawn for one person; every list in the order of its rows."""

    affiliations: list = field(default_factory=list)
    family: list = field(default_factory=list)
    home: tuple = ()
    interests: list = field(default_factory=list)
    consents: list = field(default_factory=list)  # (channel, purpose, state, basis)
    source: str = ""
    acquired_on: date | None = None
    preferred: str = ""
    contacts: list = field(default_factory=list)
    activity: tuple = ()  # (type, summary, days from today)
    meeting: tuple = ()  # (title, local start)
    further_staff: bool = False


class Lives:
    """Draws the life of each person.

    :param texts: what contacts may say
    :param houses: the companies people may have worked for before
    :param now: local time of the company; nothing of the past is later
    """

    def __init__(self, texts: list[Text], houses: list[str], now: datetime):
        self.texts = texts
        self.houses = houses
        self.now = now
        self.today = now.date()

    def of(self, person: Person) -> Life:
        """Return the life of a person."""
        rng = Random(f"kokyaku-life-{person.key}")
        shown = person.key in SHOWN
        life = Life(
            source=self._source(person, rng),
            acquired_on=self._acquired(person, rng),
            preferred=rng.choice(("", "", "", "phone", "post", "email" if person.email else "")),
            further_staff=rng.random() < (0.35 if person.house else 0.1) or shown,
        )
        life.interests = rng.sample(INTERESTS, rng.choice((0, 1, 1, 2, 3)) + shown)
        if person.house:
            life.affiliations = self._affiliations(person, rng, shown)
        if rng.random() < (0.25 if person.house else 0.4) or shown:
            life.family = self._family(person, rng, shown)
        if person.house and (rng.random() < 0.25 or shown):
            life.home = (rng.random(), f"{rng.randint(1, 5)}-{rng.randint(1, 30)}")
        life.consents = self._consents(person, rng)
        life.contacts = self._contacts(person, rng)
        if rng.random() < (0.2 if person.house else 0.05) or shown:
            kind, summary = rng.choice(ACTIVITIES)
            life.activity = (kind, summary, rng.randint(-3, 14))
        if person.house and (rng.random() < 0.07 or shown):
            day = self._working_day(self.today + timedelta(days=rng.randint(1, 14)), forward=True)
            life.meeting = (
                rng.choice(MEETINGS),
                datetime.combine(day, time(rng.choice((10, 11, 13, 14, 15)))),
            )
        return life

    def _working_day(self, day, forward=False):
        while day.weekday() >= 5:
            day += timedelta(days=1 if forward else -1)
        return day

    def _source(self, person, rng):
        if person.house:
            return rng.choice(BUSINESS_SOURCES)
        return SOURCES.get(person.entry, "other")

    def _acquired(self, person, rng):
        first = min((bought[0] for bought in person.bought), default=self.today)
        return first - timedelta(days=rng.randint(30, 600))

    # ---- Work -----------------------------------------------------------------------

    def _affiliations(self, person, rng, shown):
        """Rows (house, function, first day, last day, kind), the present one first."""
        since = date(self.today.year - rng.randint(1, 9), rng.choice((4, 4, 4, 10)), 1)
        if since > self.today:
            since = since.replace(year=since.year - 1)
        rows = [(person.house, person.function, since, None, "regular")]
        if rng.random() < 0.5 or shown:
            house = person.house if rng.random() < 0.6 and not shown else rng.choice(self.houses)
            begun = since.replace(year=since.year - rng.randint(2, 7))
            last = since - timedelta(days=1)
            rows.append((house, rng.choice(POSTS), begun, last, "regular"))
        if "取締役" in person.function and rng.random() < 0.4:
            rows.append((rng.choice(self.houses), "顧問", since, None, "concurrent"))
        return rows

    # ---- Home ------------------------------------------------------------------------

    def _family(self, person, rng, shown):
        """Rows (relation, name, reading, birthday or None, joint addressee)."""
        born = person.birthdate or date(self.today.year - rng.randint(35, 75), 1, 1)
        partner = "husband" if person.female else "wife"
        relations = [partner] if rng.random() < 0.8 or shown else []
        if self.today.year - born.year >= 60:
            relations += ["grandchild"] * (rng.random() < 0.6)
        else:
            relations += rng.sample(["eldest_son", "eldest_daughter"], rng.randint(0, 2))
        relations += [rng.choice(PETS)] * (rng.random() < 0.25)
        if shown and not set(PETS) & set(relations):
            relations.append("dog")
        return [self._member(person, relation, born, rng) for relation in relations]

    def _member(self, person, relation, born, rng):
        name, kana = rng.choice(FAMILY[relation])
        years = {"grandchild": 58, "dog": 0, "cat": 0}.get(relation, 29)
        if relation in PETS:
            born = self.today - timedelta(days=rng.randint(400, 4000))
        elif relation in ("wife", "husband"):
            born = born + timedelta(days=rng.randint(-1500, 1500))
        else:
            born = born.replace(day=1, year=min(born.year + years, self.today.year - 2))
            born += timedelta(days=rng.randint(0, 360))
        if relation in PETS:
            return (relation, name, kana, born, False)
        known = born if rng.random() < 0.8 else None
        joint = relation in ("wife", "husband") and rng.random() < 0.5
        names = f"{person.family_name} {name}", f"{person.family_kana} {kana}"
        return (relation, *names, known, joint)

    # ---- What they allowed -------------------------------------------------------------

    def _consents(self, person, rng):
        luck, basis, found = rng.random(), EVIDENCE[person.who], []
        luck *= person.key not in SHOWN
        if luck < 0.55:
            if person.email:
                found.append(("email", "promotion", "allowed", basis))
            found.append(("post", "promotion", "allowed", basis))
            found.append(("post", "greeting", "allowed", basis))
        elif luck < 0.65:
            found.append(("phone", "promotion", "refused", "電話でのお申し出"))
            found.append(("post", "greeting", "allowed", basis))
        elif luck < 0.72:
            found.append(("post", "promotion", "refused", "はがきでのお申し出"))
        elif luck < 0.76 and person.email:
            found.append(("email", "promotion", "refused", "メールでのお申し出"))
        return found

    # ---- What was talked about -----------------------------------------------------------

    def _contacts(self, person, rng):
        """Rows (text, local start, words, order or None) of a year."""
        fitting = [text for text in self.texts if text.who == person.who]
        if person.house:
            count = rng.choice((3, 4, 5, 6, 7)) if person.bought else rng.choice((0, 1, 2, 3))
        else:
            count = min((len(person.bought) + 3) // 5, 5) if rng.random() < 0.8 else 0
        rows = []
        for text in rng.sample(fitting, count):
            day, product, order = self._occasion(person, text, rng)
            if "{product}" in text.body and not product:
                continue
            at = datetime.combine(day, time(rng.choice((9, 10, 11, 13, 14, 15, 16)), 30))
            if at < self.now:
                rows.append((text, at, text.body.format(product=product), order))
        return sorted(rows, key=lambda row: row[1])

    def _occasion(self, person, text, rng):
        """A day of the last year on which this contact may have been, tied to an order if it
        speaks of a product."""
        year_ago = self.today - timedelta(days=365)
        orders = [bought for bought in person.bought if bought[0] > year_ago]
        if "{product}" in text.body and orders:
            day, product, order = rng.choice(orders)
            after = 0 if "注文" in text.subject else rng.randint(3, 9)
            return min(day + timedelta(days=after), self.today), product, order
        days = [self.today - timedelta(days=n) for n in range(1, 365)]
        days = [
            day
            for day in days
            if day.weekday() < 5 and (not text.months or day.month in text.months)
        ]
        return rng.choice(days), "", None
