"""Killed imports of customers: each turn of comparing and each part of writing is whole or absent,
and the next run goes on."""

import io

import place
import pytest
from kokyaku_testing.worker import Worker

PART = 100  # lines: 350 are four parts
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
MOMENTS = ["compared 1", "compared 3", "matched", "written 1", "written 3"]
# Calls at() at each of the moments, with its number.
WORKER = f"""
from odoo.addons.kokyaku_crm.models import import_reader, people_import_apply, people_import_match
import_reader.PART_ROWS = people_import_apply.PART = people_import_match.CHUNK = {PART}
people_import_match.TURN = 0
Lines, counts = type(env["kokyaku.import.person"]), {{}}

def watch(method, name):
    def watched(self, *args, _original=getattr(Lines, method)):
        result = _original(self, *args)
        env.flush_all()
        counts[name] = counts.get(name, 0) + 1
        at(name)
        at("%s %s" % (name, counts[name]))
        return result
    setattr(Lines, method, watched)

watch("_find_candidates", "compared")
watch("_mark_shared", "matched")
watch("_apply_part", "written")
"""

# Takes an import back in such parts, and calls at() in each and after it.
UNDO = f"""
from odoo.addons.kokyaku_crm.models import kokyaku_import_undo, people_import_undo
people_import_undo.PART = {PART}
Import, Turn, parts = type(env["kokyaku.import"]), kokyaku_import_undo.Turn, []

def going(self, _original=Import._delete_going):
    result = _original(self)
    parts.append(1)
    at("in part %s" % len(parts))
    return result

def ends_after(self, done, _original=Turn.ends_after):
    result = _original(self, done)
    at("after part %s" % len(parts))
    return result

Import._delete_going, Turn.ends_after = going, ends_after
"""
EVERYBODY = "SELECT count(*) FROM res_partner"


@pytest.fixture(scope="module")
def company(full_template):
    return full_template


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


def test_odoo_is_killed_while_it_compares_and_writes_customers(database):
    """Each turn of comparing and each part of writing is whole or absent; what users see at the
    end, new people and changed ones, is what it would be without a kill."""
    import_id = begin_list(database, a_list())
    for moment in MOMENTS:
        if moment == "written 1":
            Worker(database, WORKER).reach()
            assert place.execute(database, COUNTS, (import_id,)) == [("staged", 0, 0, 0, 0)]
            write_list(database, import_id)
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        Worker(database, WORKER, moment).reach().kill()
        _state, new, _updated, people, applied = place.execute(database, COUNTS, (import_id,))[0]
        assert new == people == applied, f"a part in pieces at “{moment}”"
        assert moment[:7] == "written" or not people
    Worker(database, WORKER).reach()
    assert place.execute(database, COUNTS, (import_id,)) == [("done", 350, 0, 350, 350)]
    [[content]] = place.execute(database, PEOPLE)
    assert content.count("株式会社青空") == 88 and content.count(",1)") == 350
    # Half of them once more, with a number they lacked, and as many others.
    again = begin_list(database, a_list(first=175, fax="03-9999-1111"))
    Worker(database, WORKER).reach()
    write_list(database, again)
    Worker(database, WORKER, "written 2").reach().kill()
    Worker(database, WORKER).reach()
    assert place.execute(database, COUNTS, (again,)) == [("done", 175, 175, 525, 350)]
    faxes = "SELECT count(*) FROM res_partner WHERE fax = '03-9999-1111'"
    assert place.execute(database, faxes) == [(350,)]


def test_odoo_is_killed_while_it_takes_customers_back(database, monkeypatch):
    """Each part is gone or there; the next run goes on. At the end nobody of the import is left,
    and none of its companies."""
    [[before]] = place.execute(database, EVERYBODY)
    import_id = begin_list(database, a_list())
    Worker(database, WORKER).reach()
    write_list(database, import_id)
    Worker(database, WORKER).reach()
    [[everybody]] = place.execute(database, EVERYBODY)
    assert everybody == before + 350 + 7
    with place.environment(database, uid=2, rollback=False) as env:
        from odoo.addons.kokyaku_crm.models import kokyaku_import_undo

        monkeypatch.setattr(kokyaku_import_undo, "AT_ONCE", 0)
        env["kokyaku.import"].browse(import_id).action_undo()
    moments = {"in part 1": 350, "after part 2": 150, "in part 2": 50, "after part 1": 0}
    for moment, there in moments.items():
        place.execute(database, "UPDATE kokyaku_run SET attempts = 0")
        Worker(database, UNDO, moment).reach().kill()
        [(state, *_counts, people, applied)] = place.execute(database, COUNTS, (import_id,))
        assert (state, people, applied) == ("done", there, there), f"a part in pieces “{moment}”"
    Worker(database, UNDO).reach()
    assert place.execute(database, COUNTS, (import_id,))[0][::3] == ("undone", 0)
    assert place.execute(database, EVERYBODY) == [(before,)]
