"""The tables of the schema ``floor``, with the columns, indexes and constraints of the
product's; and the settings under which every floor runs."""

SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"

FOREIGN_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f'
"""


def create_like(cr, name, table):
    """Make the floor's table `name` anew, empty, like the product's `table`; return its foreign
    keys, which it has not yet: pairs of a name and a definition."""
    cr.execute("CREATE SCHEMA IF NOT EXISTS floor")
    cr.execute(f"DROP TABLE IF EXISTS floor.{name}")
    cr.execute(f"CREATE TABLE floor.{name} (LIKE {table} INCLUDING ALL)")
    cr.execute(FOREIGN_KEYS, [table])
    return cr.fetchall()


def add_key(cr, name, key, definition):
    cr.execute(f"ALTER TABLE floor.{name} ADD CONSTRAINT {key} {definition}")
