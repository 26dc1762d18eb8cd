"""Which column of a file is what: the mapping a user sees, corrects and keeps as a profile."""

from dataclasses import asdict, dataclass, field

TARGETS = {
    "customers": {
        "ref": "text",
        "name": "text",
        "family_name": "text",
        "given_name": "text",
        "kana": "text",
        "family_kana": "text",
        "given_kana": "text",
        "name_unsure": "boolean",
        "company_name": "text",
        "company_kana": "text",
        "department": "text",
        "function": "text",
        "zip": "postal",
        "state": "text",
        "city": "text",
        "street": "text",
        "street2": "text",
        "phone": "phone",
        "mobile": "phone",
        "fax": "phone",
        "email": "email",
        "company_zip": "postal",
        "company_address": "text",
        "company_state": "text",
        "company_city": "text",
        "company_street": "text",
        "company_street2": "text",
        "company_phone": "phone",
        "company_fax": "phone",
        "gender": "code",
        "birthdate": "date",
        "member_number": "text",
        "acquired_on": "date",
        "source": "text",
        "note": "text",
        "personal_type": "text",
        "selection_type": "text",
        **{f"user_code_{number}": "text" for number in range(1, 11)},
        **{f"user_name_{number}": "text" for number in range(1, 6)},
        "staff": "text",
        "consent_email": "consent",
        "consent_post": "consent",
        "consent_phone": "consent",
        "consent_fax": "consent",
        "is_company": "boolean",
    },
    "sales": {
        "external_key": "text",
        "slip": "text",
        "line_no": "text",
        "date": "date",
        "customer_code": "text",
        "name": "text",
        "kana": "text",
        "email": "email",
        "phone": "phone",
        "zip": "postal",
        "address": "text",
        "company_name": "text",
        "product_code": "text",
        "product_name": "text",
        "category": "text",
        "attribute_text": "text",
        "quantity": "number",
        "unit_price": "number",
        "tax": "number",
        "amount": "number",
        "order_total": "number",
        "shipping": "number",
        "discount": "number",
        "status": "text",
        "user": "text",
        "shop": "text",
        "medium": "text",
        "is_subscription": "boolean",
        "is_return": "boolean",
    },
    "products": {
        "product_code": "text",
        "product_name": "text",
        "category": "text",
        "unit_price": "number",
        "attribute_text": "text",
        "barcode": "text",
    },
}
"""What ``convert`` returns, by kind of file: the columns and their types.

text, postal, phone, email: str, "" where the file has nothing. code (of ``gender``): "male",
"female", "other" or "". consent: "yes", "no" or "". number: float, NaN for nothing. date:
``datetime.date`` or None. boolean: bool.

A customer with ``is_company`` is a company itself: ``company_name`` is its name, ``name`` empty.
"""

_PEOPLE = {
    "zip_1": "zip",
    "zip_2": "zip",
    "phone_1": "phone",
    "phone_2": "phone",
    "phone_3": "phone",
}
HELPERS = {
    "customers": {
        **_PEOPLE,
        "name_2": "name",
        "mobile_1": "mobile",
        "mobile_2": "mobile",
        "mobile_3": "mobile",
        "fax_1": "fax",
        "fax_2": "fax",
        "fax_3": "fax",
        "address": "street",
        "address_1": "street",
        "address_2": "street",
        "address_3": "street",
        "birthdate_year": "birthdate",
        "birthdate_month": "birthdate",
        "birthdate_day": "birthdate",
    },
    "sales": {
        **_PEOPLE,
        "family_name": "name",
        "given_name": "name",
        "family_kana": "kana",
        "given_kana": "kana",
        "state": "address",
        "city": "address",
        "address_1": "address",
        "address_2": "address",
        "address_3": "address",
        "date_year": "date",
        "date_month": "date",
        "date_day": "date",
        "attribute_1": "attribute_text",
        "attribute_2": "attribute_text",
        "line_kind": "",
        "tax_rate": "tax",
    },
    "products": {},
}
"""What a column may be mapped to besides the targets, and the target it becomes a part of."""

OUT_ONLY = {"customers": frozenset({"name_unsure"}), "sales": frozenset(), "products": frozenset()}
"""Targets no column can be mapped to: reading finds them out."""

REQUIRED = {
    "customers": (("name", "family_name", "company_name"),),
    "sales": (("date", "date_year"), ("amount", "unit_price", "order_total")),
    "products": (("product_code", "product_name"),),
}
"""Of each group one target must be mapped."""


@dataclass
class Column:
    """A column of a file: where it stands (the first is 0), its heading, what it is mapped to
    ("" for nothing) and how to read it: ``format`` (a date's, as for strptime), ``codes``
    (what stands in the file: what it means), ``second`` (of several columns of a target it
    counts last)."""

    position: int
    heading: str
    target: str = ""
    options: dict = field(default_factory=dict)


@dataclass
class Mapping:
    """The columns of a file of one ``kind`` ("customers", "sales", "products").

    ``options`` of sales: ``tax_included``, ``tax_rate`` (percent, where the file has none: of
    amounts with tax the law's of the day if it is missing, to amounts without it is added),
    ``shipping_included``,
    ``excluded_status`` (list), ``line_filter`` (the values of ``line_kind`` that are goods),
    ``totals_once``, ``return_status`` (list), ``decimals`` (of the currency: a tax that is
    worked out is cut off behind them; 0, as of the yen, if it is missing). ``profile`` is the
    code of the ready profile it was made from, or "".
    """

    kind: str
    columns: list
    options: dict = field(default_factory=dict)
    profile: str = ""

    def to_json(self):
        """Return it as a dict of plain values, for ``from_json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, values):
        columns = [Column(**column) for column in values["columns"]]
        options, profile = values.get("options") or {}, values.get("profile") or ""
        return cls(values["kind"], columns, dict(options), profile)

    def position_of(self, target):
        """The first column that is mapped to `target`, None when there is none."""
        return next((one for one in self.columns if one.target == target), None)

    def lacking(self):
        """Return the groups of targets (see ``REQUIRED``) of which no column is mapped."""
        mapped = {column.target for column in self.columns}
        return [group for group in REQUIRED[self.kind] if not mapped & set(group)]
