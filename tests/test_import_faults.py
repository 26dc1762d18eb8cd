"""Killed imports: every part of a file is stored whole or not at all, the import knows which,
and the next run goes on with the first part that is not done."""

import io

import place
import pytest
from kokyaku_testing.waiting import wait_until
from kokyaku_testing.worker import Worker

PART, ROWS = 100, 950  # ten parts
TURN = 200  # lines whose customers are looked for at a time
MOMENTS = [
    "part 1", "stored 1", "part 4", "stored 7", "read", "linked 1", "linked 3", "added", "end"
]  # fmt: skip
LINKED = {"linked 3": 2 * TURN, "added": 4 * TURN, "end": ROWS - 19}
# What users see: the lines, and what the import says of itself.
SEEN = """
SELECT (SELECT count(*) FROM kokyaku_sales_record), COALESCE(i.parts_done, 0),
       COALESCE(i.row_count, 0), COALESCE(i.new_count, 0), COALESCE(i.rejected_count, 0), i.state,
       (SELECT count(DISTINCT row) FROM kokyaku_import_reject WHERE import_id = i.id)
  FROM kokyaku_import i WHERE i.id = %s
"""
LINES = """
SELECT string_agg((external_key, date, customer_code, product_name, quantity, amount)::text, ' '
                  ORDER BY external_key) FROM kokyaku_sales_record
"""
# Buyers who do not have what their lines come to, and lines not added to theirs yet.
WRONG = """
SELECT (SELECT count(*) FROM kokyaku_sales_link l
         CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(amount) AS amount, min(date) AS first,
                                    max(date) AS last
                               FROM kokyaku_sales_record WHERE link_id = l.id) AS one
         WHERE (l.line_count, l.amount, l.first_date, l.last_date)
               IS DISTINCT FROM (one.lines, one.amount, one.first, one.last)),
       (SELECT count(*) FROM kokyaku_sales_link_addition)
"""
# Calls at() at each of the moments.
WORKER = f"""
from odoo.addons.kokyaku_crm.models import import_reader
from odoo.addons.kokyaku_crm.models import kokyaku_import_work as work
from odoo.addons.kokyaku_crm.reading import text_file
import_reader.PART_ROWS = {PART}
import_reader.LONG, text_file.BLOCK = 0, 4_000  # marked like a large file
Import, Link = type(env["kokyaku.import"]), type(env["kokyaku.sales.link"])

def take(self, rows, _original=Import._take):
    at("part %s" % rows.number)
    _original(self, rows)
    env.flush_all()
    at("stored %s" % rows.number)

def after(self, run, _original=Import._after_reading):
    at("read")
    return _original(self, run)

def link(self, company, import_, after=0, _original=Link._link_lines):
    counts = _original(self, company, import_, after, {TURN})
    linked = env["kokyaku.sales.record"].search_count([("link_id", "!=", False)])
    at("linked %s" % -(-linked // {TURN}))
    return counts

def add_up(self, company, _original=Link._add_up):
    more = _original(self, company)
    at("added")
    return more

def end(self, run, _original=Import._end):
    result = _original(self, run)
    env.flush_all()
    at("end")
    return result

Import._take, Import._after_reading, Import._end = take, after, end
Link._link_lines, Link._add_up = link, add_up
"""


# Takes an import back in parts of so many lines, and calls at() in each and after it.
UNDO = f"""
from odoo.addons.kokyaku_crm.models import kokyaku_import_undo, kokyaku_sales_record_import
kokyaku_sales_record_import.UNDO_PART = {PART}
Import, Turn, parts = type(env["kokyaku.import"]), kokyaku_import_undo.Turn, []

def brought(self, _original=Import._undo_brought):
    _original(self)
    parts.append(1)
    at("in part %s" % len(parts))

def ends_after(self, done, _original=Turn.ends_after):
    result = _original(self, done)
    at("after part %s" % len(parts))
    return result

Import._undo_brought, Turn.ends_after = brought, ends_after
"""


def a_file():
    """Sales in CP932; every 50th row has no such day, a slip has three lines."""
    lines = ["伝票番号,売上日,顧客コード,氏名,商品名,数量,金額"]
    for n in range(ROWS):
        day = "2026/2/30" if n % 50 == 7 else f"2026/{1 + n % 12}/{1 + n % 28}"
        lines.append(f"S{n - n % 3},{day},K-{n % 40},田中 {n % 40},茶{n % 3},{1 + n % 4},{n + 100}")
    return ("\r\n".join(lines) + "\r\n").encode("cp932")


@pytest.fixture(scope="module")
def company(full_template):
    return full_template


def begin(database):
    """Choose the file and press the button; return the import."""
    with place.environment(database, uid=2, rollback=False) as env:
        import_ = env["kokyaku.import"]._receive(io.BytesIO(a_file()), "売上.csv")
        file = import_.look()
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "レジ"})
        return import_.id


def worker(database, moment=None):
    return Worker(database, WORKER, moment)


def seen(database, import_id):
    return place.execute(database, SEEN, (import_id,))[0]


def test_odoo_is_killed_at_any_moment(database, company):
    """kill -9 at each step in turn, each time in the run that goes on after the last one."""
    import_id = begin(database)
    parts = {"part 1": 0, "stored 1": 0, "part 4": 3, "stored 7": 6}
    for moment in MOMENTS:
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        worker(database, moment).reach().kill()
        lines, done, rows, new, rejected, state, listed = seen(database, import_id)
        assert (done, state) == (parts.get(moment, 10), "running"), moment
        assert rows == min(done * PART, ROWS), f"a part in pieces at “{moment}”"
        assert lines == new, f"lines nobody counted at “{moment}”"
        assert rejected == listed, f"rejected rows nobody counted at “{moment}”"
        assert new + rejected == rows, f"a row was lost at “{moment}”"
        [(linked,)] = place.execute(database, "SELECT count(link_id) FROM kokyaku_sales_record")
        assert linked == LINKED.get(moment, 0), f"half a turn was linked at “{moment}”"
    worker(database).reach()
    result = seen(database, import_id)
    assert result[5] == "done" and result[2] == ROWS
    assert place.execute(database, WRONG) == [(0, 0)], "a buyer does not have their lines"
    whole = place.execute(database, LINES)
    # The same file in one go, elsewhere.
    other = f"{database}_whole"
    place.copy(company, other)
    try:
        again = begin(other)
        worker(other).reach()
        assert seen(other, again) == result
        assert place.execute(other, LINES) == whole
    finally:
        place.forget(other)
        place.drop(other)
    # And once more over what is there: nothing changes.
    twice = begin(database)
    worker(database).reach()
    assert place.execute(database, LINES) == whole
    assert place.execute(
        database,
        "SELECT COALESCE(new_count, 0), COALESCE(updated_count, 0) FROM kokyaku_import"
        " WHERE id = %s",
        (twice,),
    ) == [(0, 0)]


def test_odoo_is_killed_while_it_takes_an_import_back(database, monkeypatch):
    """Each part is gone or there; the next run goes on, and leaves nothing of the import."""
    import_id = begin(database)
    worker(database).reach()
    lines, *_counts = seen(database, import_id)
    with place.environment(database, uid=2, rollback=False) as env:
        from odoo.addons.kokyaku_crm.models import kokyaku_import_undo

        monkeypatch.setattr(kokyaku_import_undo, "AT_ONCE", 0)
        env["kokyaku.import"].browse(import_id).action_undo()
    left = [lines, lines - 2 * PART, lines - 2 * PART]
    for moment, there in zip(["in part 1", "after part 2", "in part 1"], left, strict=True):
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        Worker(database, UNDO, moment).reach().kill()
        state = seen(database, import_id)
        assert (state[0], state[5]) == (there, "done"), f"a part in pieces “{moment}”"
    Worker(database, UNDO).reach()
    assert seen(database, import_id)[::5] == (0, "undone")
    assert place.execute(database, "SELECT count(*) FROM kokyaku_sales_link") == [(0,)]


def test_a_killed_server_finishes_when_it_is_started_again(database, odoo_server):
    """The real server with its cron."""
    import_id = begin(database)
    server = odoo_server(database)
    server.process.kill()
    server.process.wait()
    server.start()
    server.wake_cron()
    wait_until(lambda: seen(database, import_id)[5] == "done", "the import is done")
    lines, _parts, rows, new, rejected, _state, listed = seen(database, import_id)
    assert (rows, lines, rejected) == (ROWS, new, listed)
    assert new + rejected == ROWS
