"""Killed imports: every part of a file is stored whole or not at all, the import knows which,
and the next run goes on with the first part that is not done."""

import io
import os
import signal
import subprocess
import time

import place
import pytest

BASE = "kokyaku_test_import_faults"
PART, ROWS = 100, 950  # ten parts
MOMENTS = ["part 1", "stored 1", "part 4", "stored 7", "read", "end"]
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
# Works the queue off as the cron does, and stops at the moment it is told, to be killed there.
WORKER = """
import time
from odoo.addons.kokyaku_crm.models import import_reader
from odoo.addons.kokyaku_crm.models import kokyaku_import_work as work
import_reader.PART_ROWS = {part}
Import = type(env["kokyaku.import"])
moment = {moment!r}

def at(name):
    if name == moment:
        print("AT", name, flush=True)
        time.sleep(600)

def take(self, rows, _original=Import._take):
    at("part %s" % rows.number)
    _original(self, rows)
    env.flush_all()
    at("stored %s" % rows.number)

def after(self, run, _original=Import._after_reading):
    at("read")
    return _original(self, run)

def end(self, run, _original=Import._end):
    result = _original(self, run)
    env.flush_all()
    at("end")
    return result

Import._take, Import._after_reading, Import._end = take, after, end
env["kokyaku.run"]._work()
env.cr.commit()
print("DONE", flush=True)
"""


def a_file():
    """Sales in CP932; every 50th row has no such day, a slip has three lines."""
    lines = ["伝票番号,売上日,顧客コード,氏名,商品名,数量,金額"]
    for n in range(ROWS):
        day = "2026/2/30" if n % 50 == 7 else f"2026/{1 + n % 12}/{1 + n % 28}"
        lines.append(f"S{n - n % 3},{day},K-{n % 40},田中 {n % 40},茶{n % 3},{1 + n % 4},{n + 100}")
    return ("\r\n".join(lines) + "\r\n").encode("cp932")


@pytest.fixture(scope="module")
def company():
    place.copy(place.template(), BASE)
    place.install(BASE, "kokyaku_crm")
    yield BASE
    place.drop(BASE)


@pytest.fixture
def database(company, request):
    name = f"{BASE}_{abs(hash(request.node.name)) % 10_000}"
    place.copy(company, name)
    yield name
    place.forget(name)
    place.drop(name)


def begin(database):
    """Choose the file and press the button; return the import."""
    with place.environment(database, uid=2, rollback=False) as env:
        import_ = env["kokyaku.import"]._receive(io.BytesIO(a_file()), "売上.csv")
        file = import_.look()
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "レジ"})
        return import_.id


def start_worker(database, moment=None, script=WORKER):
    worker = subprocess.Popen(
        place.odoo("shell", "-d", database, "--no-http", "--log-level", "warn"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ,
    )
    script = script.format(moment=moment, part=PART)
    script = f"try:\n    exec({script!r}, globals())\n"
    script += "except BaseException:\n    import traceback, os\n    traceback.print_exc()\n"
    worker.stdin.write(script + "    os._exit(1)\n\n")
    worker.stdin.close()
    return worker


def wait_for(worker, words):
    said = []
    for line in worker.stdout:
        said.append(line)
        if line.startswith(words):
            return
    pytest.fail(f"The worker never said {words}:\n{''.join(said)}")


def work_off(database):
    worker = start_worker(database)
    wait_for(worker, "DONE")
    worker.wait(60)


def seen(database, import_id):
    return place.execute(database, SEEN, (import_id,))[0]


def test_odoo_is_killed_at_any_moment(database, company):
    """kill -9 at each step in turn, each time in the run that goes on after the last one."""
    import_id = begin(database)
    parts = {"part 1": 0, "stored 1": 0, "part 4": 3, "stored 7": 6, "read": 10, "end": 10}
    for moment in MOMENTS:
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        worker = start_worker(database, moment)
        wait_for(worker, f"AT {moment}")
        worker.send_signal(signal.SIGKILL)
        worker.wait(60)
        lines, done, rows, new, rejected, state, listed = seen(database, import_id)
        assert (done, state) == (parts[moment], "running"), moment
        assert rows == min(done * PART, ROWS), f"a part in pieces at “{moment}”"
        assert lines == new, f"lines nobody counted at “{moment}”"
        assert rejected == listed, f"rejected rows nobody counted at “{moment}”"
        assert new + rejected == rows, f"a row was lost at “{moment}”"
    work_off(database)
    result = seen(database, import_id)
    assert result[5] == "done" and result[2] == ROWS
    whole = place.execute(database, LINES)
    # The same file in one go, elsewhere.
    other = f"{BASE}_whole"
    place.copy(company, other)
    try:
        again = begin(other)
        work_off(other)
        assert seen(other, again) == result
        assert place.execute(other, LINES) == whole
    finally:
        place.forget(other)
        place.drop(other)
    # And once more over what is there: nothing changes.
    twice = begin(database)
    work_off(database)
    assert place.execute(database, LINES) == whole
    assert place.execute(
        database,
        "SELECT COALESCE(new_count, 0), COALESCE(updated_count, 0) FROM kokyaku_import"
        " WHERE id = %s",
        (twice,),
    ) == [(0, 0)]


def test_a_killed_server_finishes_when_it_is_started_again(database, odoo_server):
    """The real server with its cron."""
    import_id = begin(database)
    server = odoo_server(database)
    server.process.kill()
    server.process.wait()
    server.start()
    time.sleep(1)  # until its cron thread listens
    place.execute("postgres", "SELECT pg_notify('cron_trigger', %s)", (database,))
    deadline = time.monotonic() + 90
    while seen(database, import_id)[5] != "done":
        assert time.monotonic() < deadline, "The import is not done."
        time.sleep(0.2)
    lines, _parts, rows, new, rejected, _state, listed = seen(database, import_id)
    assert (rows, lines, rejected) == (ROWS, new, listed)
    assert new + rejected == ROWS


# ---- Customers ------------------------------------------------------------------------------

PEOPLE = """
SELECT string_agg((p.ref, p.name, p.kana, p.phone, c.name,
                   (SELECT count(*) FROM kokyaku_partner_key k WHERE k.id = p.id))::text,
                  ' ' ORDER BY p.ref)
  FROM res_partner p LEFT JOIN res_partner c ON c.id = p.parent_id WHERE p.ref LIKE 'K-%'
"""
COUNTS = """
SELECT state, COALESCE(new_count, 0), COALESCE(updated_count, 0),
       (SELECT count(*) FROM res_partner WHERE ref LIKE 'K-%%'),
       (SELECT count(*) FROM kokyaku_import_person WHERE import_id = i.id AND applied)
  FROM kokyaku_import i WHERE id = %s
"""
PEOPLE_MOMENTS = ["compared 1", "compared 3", "matched", "written 1", "written 3"]
# As WORKER, for the steps of customers: comparing, judging, writing.
PEOPLE_WORKER = """
import time
from odoo.addons.kokyaku_crm.models import import_reader, people_import_apply, people_import_match
import_reader.PART_ROWS = people_import_apply.PART = people_import_match.CHUNK = {part}
people_import_match.TURN = 0
Lines = type(env["kokyaku.import.person"])
moment, counts = {moment!r}, {{}}

def at(name):
    counts[name] = counts.get(name, 0) + 1
    if moment in (name, "%s %s" % (name, counts[name])):
        env.flush_all()
        print("AT", moment, flush=True)
        time.sleep(600)

def watch(method, name):
    def watched(self, *args, _original=getattr(Lines, method)):
        result = _original(self, *args)
        at(name)
        return result
    setattr(Lines, method, watched)

watch("_find_candidates", "compared")
watch("_judge_part", "judged")
watch("_mark_shared", "matched")
watch("_apply_part", "written")
env["kokyaku.run"]._work()
env.cr.commit()
print("DONE", flush=True)
"""


def a_list(first=0, fax=""):
    """Customers in CP932, every fourth of a company that several name."""
    lines = ["顧客コード,氏名,フリガナ,会社名,電話番号,FAX番号"]
    for n in range(first, first + 350):
        company = f"株式会社青空{n % 7}" if n % 4 == 0 else ""
        lines.append(f"K-{n:04},田中 {n}子,タナカ,{company},03-{n + 2000}-5678,{fax}")
    return ("\r\n".join(lines) + "\r\n").encode("cp932")


def begin_list(database, content):
    with place.environment(database, uid=2, rollback=False) as env:
        import_ = env["kokyaku.import"]._receive(io.BytesIO(content), "名簿.csv")
        file = import_.look()
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "旧台帳"})
        return import_.id


def write_list(database, import_id):
    with place.environment(database, uid=2, rollback=False) as env:
        env["kokyaku.import"].browse(import_id).action_apply_people()


def work_off_list(database):
    wait_for(worker := start_worker(database, script=PEOPLE_WORKER), "DONE")
    worker.wait(60)


def test_odoo_is_killed_while_it_compares_and_writes_customers(database):
    """Each turn of comparing and each part of writing is whole or absent; what users see at the
    end, new people and changed ones, is what it would be without a kill."""
    import_id = begin_list(database, a_list())
    for moment in PEOPLE_MOMENTS:
        if moment == "written 1":
            work_off_list(database)
            assert place.execute(database, COUNTS, (import_id,)) == [("staged", 0, 0, 0, 0)]
            write_list(database, import_id)
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        worker = start_worker(database, moment, script=PEOPLE_WORKER)
        wait_for(worker, f"AT {moment}")
        worker.send_signal(signal.SIGKILL)
        worker.wait(60)
        _state, new, _updated, people, applied = place.execute(database, COUNTS, (import_id,))[0]
        assert new == people == applied, f"a part in pieces at “{moment}”"
        assert moment[:7] == "written" or not people
    work_off_list(database)
    assert place.execute(database, COUNTS, (import_id,)) == [("done", 350, 0, 350, 350)]
    [[content]] = place.execute(database, PEOPLE)
    assert content.count("株式会社青空") == 88 and content.count(",1)") == 350
    # Half of them once more, with a number they lacked, and as many others.
    again = begin_list(database, a_list(first=175, fax="03-9999-1111"))
    work_off_list(database)
    write_list(database, again)
    worker = start_worker(database, "written 2", script=PEOPLE_WORKER)
    wait_for(worker, "AT written 2")
    worker.send_signal(signal.SIGKILL)
    worker.wait(60)
    work_off_list(database)
    assert place.execute(database, COUNTS, (again,)) == [("done", 175, 175, 525, 350)]
    faxes = "SELECT count(*) FROM res_partner WHERE fax = '03-9999-1111'"
    assert place.execute(database, faxes) == [(350,)]
