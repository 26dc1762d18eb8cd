"""The rules of folding inside PostgreSQL, and the indexes that stand on them."""

import hashlib

from odoo.tools import SQL

from ..naming.fold_sql import FUNCTIONS

# A product's name in all its languages, a line each: {"en_US": "Tea", "ja_JP": "茶"}
PRODUCT_NAME = (
    r"""kokyaku_fold_text(regexp_replace(name::text, '(^\{|, )"[a-z]+_[A-Za-z_@]+": "', """
    r"""E'\n', 'g') || E'\n')"""
)
PRODUCT_CODES = (
    r"kokyaku_fold_text(E'\n' || COALESCE(default_code, '') || E'\n' || COALESCE(barcode, '') "
    r"|| E'\n')"
)
INDEXES = {
    # A long list of pending entries would have to be read by every search.
    "kokyaku_partner_key_grams": "kokyaku_partner_key USING gin (grams) "
    "WITH (gin_pending_list_limit = 256)",
    "kokyaku_product_template_grams": f"product_template USING gin (kokyaku_grams({PRODUCT_NAME}))",
    "kokyaku_product_product_grams": f"product_product USING gin (kokyaku_grams({PRODUCT_CODES}))",
}
VERSION = hashlib.sha256(repr((FUNCTIONS, INDEXES)).encode()).hexdigest()[:16]
"""Changes with the rules."""


def create_functions(cr):
    """Create or renew the functions, and with them the indexes when the rules have changed."""
    if _version(cr) == VERSION:
        return
    drop_functions(cr)
    for name, (returns, body) in FUNCTIONS.items():
        cr.execute(
            SQL(
                "CREATE FUNCTION %s(text) RETURNS %s LANGUAGE sql "
                "IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS %s",
                SQL.identifier(name),
                SQL(returns),
                body,
            )
        )
    cr.execute(SQL("COMMENT ON FUNCTION kokyaku_grams(text) IS %s", VERSION))
    cr.execute("ALTER TABLE kokyaku_partner_key ADD COLUMN IF NOT EXISTS grams int[]")
    for name, definition in INDEXES.items():
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
        cr.execute(SQL("CREATE INDEX %s ON %s", SQL.identifier(name), SQL(definition)))


def _version(cr):
    """By which rules the functions in the database were made."""
    cr.execute("SELECT obj_description(to_regprocedure('kokyaku_grams(text)'), 'pg_proc')")
    return cr.fetchone()[0]


def drop_functions(cr):
    """Drop the functions, and the indexes that stand on them."""
    for name in FUNCTIONS:
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s(text) CASCADE", SQL.identifier(name)))
