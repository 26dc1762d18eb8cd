"""The floor of the line import_customers: reading the file by pandas and copying rows in.

The rows of new people go into the very tables, past their triggers, by one COPY each; every
index and every foreign key of the tables is kept. The floor knows the rows beforehand. It leaves
out whatever makes an import: telling what the columns hold, converting, keeping the lines until
somebody has looked at them, comparing them with each other and with everybody, and what can be
undone.
"""

# What an import of new people writes of them, referred to before referring.
TABLES = (
    "res_partner",
    "kokyaku_partner_key",
    "kokyaku_affiliation",
    "kokyaku_consent",
    "kokyaku_consent_log",
)
OF_PARTNER = {"res_partner": "id", "kokyaku_partner_key": "id"}

REFERRING = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE confrelid = 'res_partner'::regclass AND contype = 'f' AND conrelid <> confrelid
"""


def let_go(cr):
    """Drop, in a database of its own, the keys of tables that refer to people: people are taken
    away again many times. Those of the people's own rows, which every new row is checked by,
    stay."""
    cr.execute(REFERRING)
    for table, key in cr.fetchall():
        if table not in TABLES:
            cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")


def keep(cr, folder, last):
    """Write the rows of the people behind the id `last` to files that COPY reads."""
    for table in TABLES:
        column = OF_PARTNER.get(table, "partner_id")
        with open(folder / table, "w") as file:
            cr.copy_expert(
                f"COPY (SELECT * FROM {table} WHERE {column} > {last} ORDER BY id) TO STDOUT", file
            )


def forget(cr, last):
    """Take the people behind the id `last` away, and tidy up."""
    for table in reversed(TABLES):
        _triggers(cr, table, "DISABLE")
        cr.execute(f"DELETE FROM {table} WHERE {OF_PARTNER.get(table, 'partner_id')} > {last}")
        _triggers(cr, table, "ENABLE")


def load(cr, path, folder):
    """Read the file by pandas; copy the rows that come of it."""
    import pandas as pd

    pd.read_csv(path, encoding="cp932", dtype=str)
    for table in TABLES:
        _triggers(cr, table, "DISABLE")
        with open(folder / table) as file:
            cr.copy_expert(f"COPY {table} FROM STDIN", file)
        _triggers(cr, table, "ENABLE")


def _triggers(cr, table, word):
    cr.execute(f"ALTER TABLE {table} {word} TRIGGER USER")
