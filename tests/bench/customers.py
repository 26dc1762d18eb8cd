"""The line import_customers: a file of people nobody has heard of, CP932, Japanese headings."""

import tempfile
from contextlib import closing
from pathlib import Path

import place

from . import customers_file
from .filing import _memory
from .floors import customers as floor
from .measuring import Line, same, sides

ROWS = {"S": 10_000, "M": 100_000, "L": 1_000_000}


def import_customers(database, size, repeats):
    """An import through the background run's own steps, as an ordinary user does it (reading,
    comparing, writing), against reading the file by pandas and copying the rows of the new
    people into the same tables.

    What both have written is compared with what the file says. It is done in a copy of the
    database, see ``floors.customers.let_go``.
    """
    line, peaks, copied = Line("import_customers", size, 3), [], f"{database}_customers"
    place.forget(database)
    place.copy(database, copied)
    try:
        with closing(place.connect(copied)) as connection, connection.cursor() as cr:
            floor.let_go(cr)
            cr.execute("SELECT max(id) FROM res_partner")
            [last] = cr.fetchone()
        with tempfile.TemporaryDirectory() as folder, place.environment(copied, uid=2) as env:
            path, folder = Path(folder, "名簿.csv"), Path(folder)
            expected = customers_file.write(path, ROWS[size])
            for _, side, warming in sides(repeats):
                target = Line("warm-up", size, 1) if warming else line
                if side == "ours":
                    peaks.append(_ours(env, path, target))
                    floor.keep(env.cr, folder, last)
                elif Path(folder, "res_partner").exists():
                    with target.timing(side):
                        floor.load(env.cr, path, folder)
                        env.cr.commit()
                else:
                    continue
                same(f"customers ({side})", customers_file.known(env.cr), expected)
                _forget(env, copied, last)
    finally:
        place.forget(copied)
        place.drop(copied)
    line.limit("MB", max(peaks), 300)
    return line


def _ours(env, path, target):
    """Import the file; return the memory it took in MB."""
    import_ = _prepared(env, path)
    before = _memory("VmRSS", reset_peak=True)
    with target.timing("ours"):
        _work_off(import_, "import")
        import_.action_apply_people()
        _work_off(import_, "apply_people")
    same("new customers", (import_.state, import_.new_count), ("done", import_.row_count))
    return _memory("VmHWM") - before


def _work_off(import_, kind):
    """Do what the cron would do, turn after turn."""
    while isinstance(getattr(import_, f"_run_{kind}")(import_.run_id), dict):
        import_.env.cr.commit()
        import_.env.invalidate_all()
    import_.env.cr.commit()


def _prepared(env, path):
    """An import that is about to read its first part."""
    with open(path, "rb") as file:
        import_ = env["kokyaku.import"]._receive(file, path.name)
    look = import_.look()
    import_.begin({"layout": look["layout"], "mapping": look["mapping"], "source": "bench"})
    env.cr.commit()
    return import_


def _forget(env, database, last):
    """Take the imported people away again, with the lines they were made from."""
    env.invalidate_all(flush=False)
    cr = env.cr
    cr.execute(
        "TRUNCATE kokyaku_import_person, kokyaku_import_candidate, kokyaku_import_company;"
        " UPDATE kokyaku_import SET state = 'undone'; DELETE FROM kokyaku_run"
    )
    floor.forget(cr, last)
    env["kokyaku.import"].search([]).unlink()
    cr.commit()
    for table in floor.TABLES:
        place.execute(database, f"VACUUM ANALYZE {table}")
