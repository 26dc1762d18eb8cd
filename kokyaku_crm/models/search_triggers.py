"""Triggers that keep the search keys and the order of names in step with whatever writes.

The ORM, an import by SQL, a merge of two people: all of them end in a statement on one of these
tables. The keys are renewed by statement, for all its rows at once.
"""

import hashlib

from odoo.tools import SQL

from . import search_functions
from .kokyaku_user_code import CODE_SLOTS, NAME_SLOTS

REFRESH = "kokyaku_refresh_partner_keys"
LATER = "kokyaku.keys"  # the setting of a transaction that makes the keys by itself
CODES = [f"user_code_{slot}_id" for slot in CODE_SLOTS]
NAMES = [f"user_name_{slot}" for slot in NAME_SLOTS]
PARTNER_COLUMNS = [
    "name", "kana", "company_name", "parent_id", "phone", "mobile_phone", "fax", "email", "zip",
    "ref", "member_number", "vat", "company_registry", *CODES, *NAMES,
]

# What a partner is found by: names and readings, codes and addresses, numbers; each a text of a
# line for every word. Who has left a company is not found by its name any more.
NAME_WORDS = f"""concat_ws(E'\\n', p.name, p.kana, p.company_name, parent.name,
            parent.kana, place.names, {', '.join(f'p.{name}' for name in NAMES)})"""
CODE_WORDS = """concat_ws(E'\\n', p.ref, p.member_number, p.email, p.zip, p.vat,
            p.company_registry, place.emails, home.zip, code.words)"""
PHONE_WORDS = """concat_ws(E'\\n', p.phone, p.mobile_phone, p.fax, place.phones,
            home.phone)"""
FOUND_BY = f"""FROM res_partner p
    LEFT JOIN res_partner parent ON parent.id = p.parent_id
    LEFT JOIN kokyaku_home_address home ON home.partner_id = p.id
    LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(E'\\n', company.name, company.kana, a.department), E'\\n')
                AS names,
            string_agg(a.phone, E'\\n') AS phones, string_agg(a.email, E'\\n') AS emails
        FROM kokyaku_affiliation a JOIN res_partner company ON company.id = a.company_partner_id
        WHERE a.partner_id = p.id AND a.date_to IS NULL
    ) AS place ON TRUE
    LEFT JOIN LATERAL (
        SELECT string_agg(concat_ws(E'\\n', v.code, said.word), E'\\n') AS words
        FROM kokyaku_user_code_value v, LATERAL (
            SELECT string_agg(value, E'\\n') AS word FROM jsonb_each_text(v.name)) AS said
        WHERE v.id IN ({', '.join(f'p.{name}' for name in CODES)})
    ) AS code ON COALESCE({', '.join(f'p.{name}' for name in CODES)}) IS NOT NULL"""

_REFRESH_BODY = f"""BEGIN
    INSERT INTO kokyaku_partner_key (id, doc, words, grams)
    SELECT id, doc, NULLIF(words, doc), kokyaku_grams(doc)
    FROM (SELECT id, words, replace(words, ' ', '') AS doc
    FROM (SELECT p.id, regexp_replace(concat_ws(E'\\n', '',
        kokyaku_sort_key({NAME_WORDS}),
        kokyaku_fold_text({CODE_WORDS}),
        kokyaku_fold_phone({PHONE_WORDS}), ''), E' *\\n[ \\n]*', E'\\n', 'g') AS words
    {FOUND_BY}
    WHERE p.id = ANY(ids)) AS folded) AS both_ways
    ON CONFLICT (id) DO UPDATE
    SET doc = excluded.doc, words = excluded.words, grams = excluded.grams
    WHERE (kokyaku_partner_key.doc, kokyaku_partner_key.words, kokyaku_partner_key.grams)
        IS DISTINCT FROM (excluded.doc, excluded.words, excluded.grams);
END"""

VERSION = hashlib.sha256(f"{search_functions.VERSION} {_REFRESH_BODY}".encode()).hexdigest()[:16]
"""Changes with the rules and with what is found: keys made by others must be made again."""


def _changed(columns):
    """SQL of the ids of the rows that an UPDATE changed in these columns.

    The two tables are subtracted, not joined: plpgsql keeps the plan of a session's first call,
    and made for one row it would join them by a nested loop, quadratic for a large UPDATE later.
    """
    columns = ", ".join(["id", *columns])
    return (
        f"SELECT c.id FROM (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)"
        " AS c"
    )


_OF_PARTNER = {
    "INSERT": "SELECT partner_id FROM new_rows",
    "UPDATE": "SELECT partner_id FROM new_rows UNION SELECT partner_id FROM old_rows",
    "DELETE": "SELECT partner_id FROM old_rows",
}
# Whose keys a statement makes out of date, by table and event.
SOURCES = {
    "res_partner": {
        "INSERT": "SELECT id FROM new_rows",
        "UPDATE": f"""{_changed(PARTNER_COLUMNS)}
            UNION SELECT p.id FROM res_partner p
                JOIN ({_changed(["name", "kana"])}) AS named ON named.id = p.parent_id
            UNION SELECT a.partner_id FROM kokyaku_affiliation a
                JOIN ({_changed(["name", "kana"])}) AS named
                ON named.id = a.company_partner_id""",
        "DELETE": None,
    },
    "kokyaku_affiliation": _OF_PARTNER,
    "kokyaku_home_address": _OF_PARTNER,
    "kokyaku_user_code_value": {
        "UPDATE": "SELECT p.id FROM (" + _changed(["code", "name"]) + ") AS v, "
        "LATERAL (" + " UNION ALL ".join(
            f"SELECT id FROM res_partner WHERE {name} = v.id" for name in CODES) + ") AS p",
    },
}
_TRANSITIONS = {
    "INSERT": SQL("NEW TABLE AS new_rows"),
    "UPDATE": SQL("OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "DELETE": SQL("OLD TABLE AS old_rows"),
}
SORT = "kokyaku_sort_partner"
# Who makes the keys by itself has made this one too.
_SORT_BODY = f"""BEGIN
    IF TG_OP = 'INSERT' AND NEW.kana_sort IS NOT NULL
        AND current_setting('{LATER}', TRUE) = 'later' THEN RETURN NEW; END IF;
    NEW.kana_sort := NULLIF(kokyaku_sort_key(COALESCE(NULLIF(NEW.kana, ''), NEW.name)), '');
    RETURN NEW;
END"""


def _function_name(table, event):
    return f"kokyaku_keys_{table}_{event.lower()}"


def _function_body(ids):
    if ids is None:
        work = "DELETE FROM kokyaku_partner_key k USING old_rows o WHERE k.id = o.id;"
    else:
        # Who writes many people in several tables makes their keys once, at the end.
        work = f"""IF current_setting('{LATER}', TRUE) = 'later' THEN RETURN NULL; END IF;
        ids := ARRAY({ids});
        IF cardinality(ids) > 0 THEN PERFORM {REFRESH}(ids); END IF;"""
    return f"DECLARE ids int[]; BEGIN {work} RETURN NULL; END"


def create_triggers(cr):
    """Create the triggers that are missing, and renew their functions.

    A trigger that stands already is left alone: creating one locks the table.
    """
    _create_function(cr, REFRESH, "ids int[]", "void", _REFRESH_BODY)
    for table, events in SOURCES.items():
        for event, ids in events.items():
            name = _function_name(table, event)
            _create_function(cr, name, "", "trigger", _function_body(ids))
            _create_trigger(
                cr,
                name,
                SQL(
                    "AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT",
                    SQL(event),
                    SQL.identifier(table),
                    _TRANSITIONS[event],
                ),
            )
    _create_function(cr, SORT, "", "trigger", _SORT_BODY)
    when = SQL("BEFORE INSERT OR UPDATE OF name, kana ON res_partner FOR EACH ROW")
    _create_trigger(cr, SORT, when)


def _create_function(cr, name, arguments, returns, body):
    cr.execute(
        SQL(
            "CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE plpgsql AS %s",
            SQL.identifier(name),
            SQL(arguments),
            SQL(returns),
            body,
        )
    )


def _create_trigger(cr, name, when):
    cr.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s", [name])
    if not cr.rowcount:
        name = SQL.identifier(name)
        cr.execute(SQL("CREATE TRIGGER %s %s EXECUTE FUNCTION %s()", name, when, name))


def drop_triggers(cr):
    """Drop all triggers and their functions."""
    names = [_function_name(table, event) for table, events in SOURCES.items() for event in events]
    for name in [*names, SORT]:
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(name)))
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s(int[])", SQL.identifier(REFRESH)))
