"""The floors of finding people and of editing many of them at once."""

# ---- name_search ----------------------------------------------------------------------------

# What is searched of a person, folded by hand as far as the data needs it, and an index for each
# kind of question: pairs of characters for names, whole values for numbers, codes and mail.
NAME_KEYS = """
DROP TABLE IF EXISTS floor.name_key, floor.number_end;
CREATE TABLE floor.name_key AS
SELECT id, said, digits, code, email, ARRAY(
    SELECT substr(said, n, 2) FROM generate_series(1, length(said) - 1) AS n) AS pairs
FROM (
    SELECT p.id, translate(concat_ws(' ', p.name, p.kana, c.name, c.kana), ' ー', '/') AS said,
        translate(p.phone, '-', '') AS digits, lower(p.ref) AS code, p.email
    FROM res_partner p LEFT JOIN res_partner c ON c.id = p.parent_id
) AS folded;
ALTER TABLE floor.name_key ADD PRIMARY KEY (id);
CREATE INDEX ON floor.name_key USING gin (pairs);
CREATE INDEX ON floor.name_key (digits);
CREATE INDEX ON floor.name_key (code);
CREATE INDEX ON floor.name_key (email);
CREATE TABLE floor.number_end AS
SELECT p.id, four FROM res_partner p,
    LATERAL (VALUES (translate(p.phone, '-', '')), (p.ref), (translate(p.zip, '-', ''))) AS v (n),
    LATERAL (VALUES (left(n, 4)), (right(n, 4))) AS ends (four)
WHERE four ~ '^[0-9]{4}$';
CREATE INDEX ON floor.number_end (four);
CREATE INDEX ON floor.number_end (id);
"""


def create_name_keys(cr):
    cr.execute(NAME_KEYS)
    cr.execute("ANALYZE floor.name_key; ANALYZE floor.number_end")


NAME_SEARCHES = {
    "田中": "SELECT id FROM floor.name_key WHERE pairs @> '{田中}'",
    "たなか": "SELECT id FROM floor.name_key WHERE pairs @> '{タナ,ナカ}' AND said LIKE '%タナカ%'",
    "ﾀﾅｶ ﾐｻｷ": "SELECT id FROM floor.name_key WHERE pairs @> '{タナ,ナカ,ミサ,サキ}' "
    "AND said LIKE '%タナカ%' AND said LIKE '%ミサキ%'",
    "髙橋 眞理子": "SELECT id FROM floor.name_key WHERE pairs @> '{高橋,真理,理子}' "
    "AND said LIKE '%真理子%'",
    "伊藤 商事": "SELECT id FROM floor.name_key WHERE pairs @> '{伊藤,商事}'",
    "7013": "SELECT id FROM floor.number_end WHERE four = '7013'",
    "０３（１２３４）６０４２": "SELECT id FROM floor.name_key WHERE digits = '0312346042'",
    "Ｋ-00001234": "SELECT id FROM floor.name_key WHERE code = 'k00001234'",
    "K1234@example.com": "SELECT id FROM floor.name_key WHERE email = 'k1234@example.com'",
}
"""What is typed, and the bare query that finds the same people."""


# ---- bulk_edit ------------------------------------------------------------------------------

BULK_EDIT = """
WITH come AS (
    INSERT INTO kokyaku_personal_type_res_partner_rel (res_partner_id, kokyaku_personal_type_id)
    SELECT id, {kind} FROM res_partner WHERE active AND NOT is_company AND ref LIKE 'K%'
    ON CONFLICT DO NOTHING RETURNING res_partner_id AS person
), log AS (
    INSERT INTO kokyaku_bulk_edit_change (edit_id, line_id, partner_id, new, undone)
    SELECT {edit}, {line}, person, '{{{kind}}}', FALSE FROM come
)
UPDATE res_partner SET write_uid = {uid}, write_date = now() AT TIME ZONE 'UTC'
FROM come WHERE id = person
"""

BULK_EDIT_WRITTEN = """
SELECT count(*), sum(hashtext(concat_ws('|', c.line_id, c.partner_id, c.old, c.new, c.undone))),
    count(t.res_partner_id), count(*) FILTER (WHERE p.write_uid = %(uid)s)
FROM kokyaku_bulk_edit_change c JOIN res_partner p ON p.id = c.partner_id
LEFT JOIN kokyaku_personal_type_res_partner_rel t ON t.res_partner_id = c.partner_id
    AND t.kokyaku_personal_type_id = %(kind)s
WHERE c.edit_id = %(edit)s
"""


def bulk_edit(cr, edit, line, kind, uid):
    """Add the type `kind` to every person, and log it."""
    cr.execute(BULK_EDIT.format(edit=edit, line=line, kind=kind, uid=uid))
