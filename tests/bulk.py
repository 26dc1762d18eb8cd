"""Filling Odoo's tables by the million rows, and leaving them as the ORM would have."""

from contextlib import contextmanager


@contextmanager
def loading(cr, *tables):
    """Take indexes, foreign keys and triggers off tables, and put them back at the end.

    Checking and indexing row by row takes most of the time of a bulk insert; afterwards the
    same is done at once, and the foreign keys are validated.
    """
    indexes = _rows(
        cr,
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (
            SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
        list(tables),
    )
    keys = _rows(
        cr,
        """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
        FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])""",
        list(tables),
    )
    for table in tables:
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, _ in keys:
        cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cr.execute(f"DROP INDEX {name}")
    yield
    cr.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        cr.execute(definition)
    for table in tables:
        mine = [f"ADD CONSTRAINT {name} {how}" for owner, name, how in keys if owner == table]
        if mine:
            cr.execute(f"ALTER TABLE {table} {', '.join(mine)}")
        cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table in tables:
        cr.execute(f"VACUUM ANALYZE {table}")


def _rows(cr, statement, *params):
    cr.execute(statement, params)
    return cr.fetchall()


def columns(values):
    """Turn ``{column: SQL expression}`` into the two halves of INSERT … SELECT."""
    return ", ".join(values), ", ".join(str(value) for value in values.values())
