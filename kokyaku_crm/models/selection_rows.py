"""The recipients of a set, or of an execution, as rows of a list: for Excel, CSV and paper."""

from odoo.tools import SQL, format_date

CHUNK = 2000  # people that are in memory at once
PARTNER_FIELDS = (
    "ref", "member_number", "name", "family_name", "given_name", "kana", "family_kana",
    "given_kana", "honorific", "is_company", "function", "email", "phone", "mobile_phone", "fax",
    "birthdate", "user_id",
)
OF_THE_PARTNER = {
    "code": "ref",
    **{
        name: name
        for name in (
            "member_number", "name", "family_name", "given_name", "kana", "family_kana",
            "given_kana", "email", "phone", "mobile_phone", "fax",
        )
    },
}
OF_THE_TARGET = {
    "company": "company_name", "department": "department", "function": "function", "zip": "zip",
    "state": "state", "city": "city", "street": "street", "street2": "street2",
}
FROZEN = {
    "name": "name_text", "honorific": "honorific_text", "company": "company_text",
    "function": "title_text", "zip": "zip_text", "address": "address_text", "joint": "joint_text",
}
OF_THE_LINE = ("origin", "reason", "asked_by", "note", "item", "noshi", "unit_cost", "line_code",
               "response", "companions")
ALWAYS = ("code", "name", "staff")
DATES = ("sent_on", "response_date")


def people_rows(source, columns, by_staff=False):
    """Yield one row (dict by column) per recipient, in the order of names.

    Of an execution those who get it: not the left out ones, nor those kept for comparison, nor
    those who stand on the piece of somebody else; with name, title and address as frozen
    there. Of a set its recipients, with the address of today. Five queries for ``CHUNK``
    people. Access to the source is checked here; its people are its company's, so they are read
    without record rules.

    :param source: ``kokyaku.selection.set`` or ``kokyaku.selection.execution`` record
    :param columns: of ``kokyaku_selection_profile.COLUMNS``
    :param bool by_staff: first by staff in charge, then by name
    """
    source.ensure_one()
    source.check_access("read")
    env = source.env
    env["res.partner"].check_access("read")
    env.flush_all()
    people = env.execute_query_dict(_people_sql(source, by_staff))
    labels = _Labels(env)
    for start in range(0, len(people), CHUNK):
        yield from _chunk_rows(source, people[start:start + CHUNK], columns, labels)


class _Labels:
    """The words of the codes, in the user's language."""

    def __init__(self, env):
        line, member = env["kokyaku.execution.line"], env["kokyaku.selection.member"]
        self.noshi = dict(line._fields["noshi"]._description_selection(env))
        self.kind = dict(line._fields["kind"]._description_selection(env))
        self.origin = dict(member._fields["origin"]._description_selection(env))


def _people_sql(source, by_staff):
    """Who it is, with what the set or the execution itself says of them."""
    if source._name == "kokyaku.selection.execution":
        what = SQL(
            """
            l.name_text, l.honorific_text, l.company_text, l.title_text, l.zip_text,
            l.address_text, l.joint_text, l.kind, COALESCE(NULLIF(l.item, ''), e.item) AS item,
            COALESCE(l.noshi, e.noshi) AS noshi, COALESCE(l.unit_cost, e.unit_cost) AS unit_cost,
            l.code AS line_code, l.sent_on, l.response_date, l.companions,
            COALESCE(t.name ->> %s, t.name ->> 'en_US') AS response
            """,
            source.env.lang or "en_US",
        )
        rows = SQL(
            """kokyaku_execution_line l
               JOIN kokyaku_selection_execution e ON e.id = l.execution_id
               LEFT JOIN kokyaku_response_type t ON t.id = l.response_type_id"""
        )
        where = SQL(
            """l.execution_id = %s AND COALESCE(l.exclusion, '') = ''
               AND l.is_control IS NOT TRUE AND l.joint_line_id IS NULL""",
            source.id,
        )
    else:
        what = SQL("l.origin, l.reason, l.note, asked.name AS asked_by")
        rows = SQL(
            """kokyaku_selection_member l
               LEFT JOIN res_users asker ON asker.id = l.asked_by
               LEFT JOIN res_partner asked ON asked.id = asker.partner_id"""
        )
        where = SQL("l.set_id = %s AND l.excluded IS NOT TRUE", source.id)
    order = SQL("p.kana_sort NULLS LAST, p.name, p.id")
    if by_staff:
        order = SQL("staff.name NULLS LAST, p.user_id, %s", order)
    return SQL(
        """
        SELECT l.partner_id, %(what)s, staff.name AS staff
          FROM %(rows)s
          JOIN res_partner p ON p.id = l.partner_id
          LEFT JOIN res_users s ON s.id = p.user_id
          LEFT JOIN res_partner staff ON staff.id = s.partner_id
         WHERE %(where)s
         ORDER BY %(order)s
        """,
        what=what,
        rows=rows,
        where=where,
        order=order,
    )


def _chunk_rows(source, people, columns, labels):
    partners = source.env["res.partner"].sudo().browse(row["partner_id"] for row in people)
    partners.fetch(PARTNER_FIELDS)
    targets, lasts = {}, {}
    if {"sent_to", "address", *OF_THE_TARGET}.intersection(columns):
        targets = partners._postal_targets(source.selection_type_id)
    if "last_item" in columns:
        lasts = _last_items(source, partners.ids)
    for partner, row in zip(partners, people, strict=True):
        values = _values(source.env, partner, row, targets.get(partner.id) or {}, labels)
        values["last_item"] = lasts.get(partner.id) or ""
        yield {column: values.get(column) or "" for column in (*columns, *ALWAYS)}
    partners.invalidate_recordset(flush=False)


def _values(env, partner, row, target, labels):
    """All columns of one recipient."""
    values = {column: partner[name] for column, name in OF_THE_PARTNER.items()}
    values |= {column: target.get(name) for column, name in OF_THE_TARGET.items()}
    values["honorific"] = partner.honorific_text()
    values["address"] = _one_line(target)
    values["birthdate"] = format_date(env, partner.birthdate) if partner.birthdate else ""
    values |= {column: row.get(column) for column in OF_THE_LINE}
    values |= {name: format_date(env, row[name]) for name in DATES if row.get(name)}
    values["staff"] = row["staff"]
    values["noshi"] = labels.noshi.get(row.get("noshi"))
    values["origin"] = labels.origin.get(row.get("origin"))
    values["sent_to"] = labels.kind.get(row.get("kind") or target.get("kind"))
    if row.get("address_text") or row.get("name_text"):  # as it was frozen, and nothing of today
        values |= dict.fromkeys(("department", "state", "city", "street", "street2"))
        values |= {column: row.get(name) for column, name in FROZEN.items()}
        values["address"] = " ".join((row.get("address_text") or "").split("\n"))
    return values


def _one_line(target):
    near = "".join(target.get(name) or "" for name in ("state", "city", "street"))
    return "\u3000".join(filter(None, (near, target.get("street2"))))


def _last_items(source, partner_ids):
    """What these people got the last time (前回): dict id → item, or when it was sent."""
    one = source if source._name == "kokyaku.selection.set" else source.set_id
    previous = one.previous_id
    if not previous:
        return {}
    rows = source.env.execute_query(
        SQL(
            """
            SELECT DISTINCT ON (l.partner_id) l.partner_id,
                   COALESCE(NULLIF(l.item, ''), NULLIF(e.item, ''), e.name)
              FROM kokyaku_execution_line l
              JOIN kokyaku_selection_execution e ON e.id = l.execution_id
             WHERE l.set_id = %s AND l.partner_id = ANY(%s) AND e.state <> 'cancelled'
               AND COALESCE(l.exclusion, '') = '' AND l.is_control IS NOT TRUE
             ORDER BY l.partner_id, l.sent_on DESC NULLS LAST, l.id DESC
            """,
            previous.id,
            list(partner_ids),
        )
    )
    return dict(rows)
