"""The line link_sales: imported sales lines without a customer find theirs."""

import place

from . import floors
from .data import SIZES
from .measuring import Line, same, sides


def link_sales(database, size, repeats):
    """Linking as many lines as the size has orders, in one transaction, against the bare join.

    Two lines in three name a customer code, others the e-mail, the phone or the postal code
    beside the name, each in a spelling of its own; one in twenty is from a stranger. Ours tells
    buyers apart, keeps them and weighs who they may be; the floor only joins. What is linked is
    rolled back, the lines are deleted at the end.
    """
    line = Line("link_sales", size, 2)
    results = {}
    with place.environment(database, rollback=False) as env:
        _make_lines(env, SIZES[size][1])
    _vacuum(database)
    with place.environment(database) as env:
        for _number, side, warming in sides(repeats):
            env.cr.execute("SAVEPOINT link_sales")
            target = Line("warm-up", size, 1) if warming else line
            with target.timing(side):
                if side == "ours":
                    _link(env)
                else:
                    floors.linking.link_sales(env.cr)
            env.cr.execute(floors.linking.LINKED)
            results[side] = env.cr.fetchone()
            env.cr.execute("ROLLBACK TO SAVEPOINT link_sales")
            env.invalidate_all(flush=False)
        same("linked lines", results["ours"], results["floor"])
        if not results["ours"][0]:
            raise AssertionError("nothing was linked")
    place.execute(database, "DELETE FROM kokyaku_sales_record WHERE source = 'bench'")
    _vacuum(database)
    return line


def _link(env):
    """What the run does after an import, turn by turn."""
    links, after = env["kokyaku.sales.link"], 0
    while (counts := links._link_lines(env.company, after=after))["lines"]:
        after = counts["last"]
    while links._add_up(env.company):
        pass


def _make_lines(env, number):
    source = env["kokyaku.import"].create(
        {"kind": "sales", "file_name": "bench.csv", "source": "bench"}
    )
    env.flush_all()
    env.cr.execute("DELETE FROM kokyaku_sales_record WHERE source = 'bench'")
    env.cr.execute(floors.linking.LINES, {"import": source.id, "lines": number})


def _vacuum(database):
    """Give back the room of what was rolled back or deleted; know what there is."""
    place.execute(database, "VACUUM ANALYZE kokyaku_sales_record, kokyaku_sales_link")
