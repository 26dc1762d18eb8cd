"""Selection sets whose server is killed half-way: users see the old state or the new one."""

import place
from kokyaku_testing.office import (
    A_LINE,
    A_PERSON,
    AT_BACKGROUND_WORK,
    NUMBER,
    Press,
    build,
    by_hand,
    confirm,
    execute,
    open_confirm,
    press_confirm,
    told,
)
from kokyaku_testing.worker import Worker

# Executes in steps of 40 people, and calls at() after each of them.
IN_STEPS = """
from odoo.addons.kokyaku_crm.models import selection_execution_run
selection_execution_run.STEP = 40
Run = type(env["kokyaku.run"])

def report(run, progress, message=None, _original=Run._report):
    _original(run, progress, message)
    at("%.0f percent" % progress)

Run._report = report
"""


def kill_in_the_middle(office, one, row, button, *args):
    """Somebody presses a button, and the server is killed when nothing but the last row is
    left to be written: what is seen of the set is as before.

    :param row: a statement with its values, which holds that row
    """
    old = office.look(one)
    with office.held(*row):
        pressed = Press(button, *args)
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer


def test_a_server_killed_while_a_set_is_built_for_the_first_time(office):
    one, people = office.new_set()
    kill_in_the_middle(office, one, (A_PERSON, people[-1]), build, office.session(), one)
    build(office.session(), one)
    state, members, *_ = office.look(one)
    assert f"draft,{NUMBER}," in state and members.count("criteria") == NUMBER
    built = "SELECT built_added FROM kokyaku_selection_set WHERE id = %s"
    assert office.value(built, one) == NUMBER


def test_a_server_killed_while_a_set_is_built_anew(office):
    """What came and went, and what was decided by hand, is as before or as after it."""
    one, people = office.new_set()
    session = office.session()
    build(session, one)
    by_hand(session, "remove", one, people[:2])
    session.call("res.partner", "write", people[2:6], {"city": "よその町"})
    town = office.value("SELECT city FROM res_partner WHERE id = %s", people[-1])
    [new] = session.call("res.partner", "create", [{"name": "新しい客", "city": town}])
    kill_in_the_middle(office, one, (A_PERSON, new), build, session, one)
    session = office.session()
    build(session, one)
    done = office.look(one)
    assert f"draft,{NUMBER - 2 - 4 + 1}," in done[0]
    assert done[1].count("criteria,t") == 2, "who was removed by hand stays out"
    assert (done[2].count(",t)"), done[2].count(",f)")) == (1, 4)
    build(session, one)
    assert office.look(one)[1] == done[1], "building it once more changed something"


def test_a_server_killed_while_an_execution_is_prepared(office):
    one, people = office.new_set()
    session = office.session()
    build(session, one)
    dialog = open_confirm(session, one)
    kill_in_the_middle(office, one, (A_PERSON, people[-1]), press_confirm, session, dialog)
    execution = confirm(office.session(), one)
    state, _, _, executions, lines = office.look(one)
    assert "confirmed" in state
    assert executions == f"({execution},prepared,{NUMBER},0)"
    assert len(lines.split()) == NUMBER


def test_a_server_killed_while_an_execution_is_executed(office):
    one, people = office.new_set()
    session = office.session()
    build(session, one)
    execution = confirm(session, one)
    row = (A_LINE, execution, people[-1])
    kill_in_the_middle(office, one, row, execute, session, execution)
    session = office.session()
    execute(session, execution)
    done = office.look(one)
    assert "executed" in done[0] and done[3] == f"({execution},executed,{NUMBER},{NUMBER})"
    assert ",)" not in done[4], "each line has its day"
    with told("nobody who is still to get it"):
        execute(session, execution)
    assert office.look(one) == done


def test_a_run_killed_while_it_executes_very_many(office):
    """Nothing of its first steps is seen before the last one; the next run does all of it."""
    one, _people = office.new_set()
    session = office.session()
    build(session, one)
    execution = confirm(session, one)
    with place.environment(office.database, rollback=False) as env:
        from odoo.addons.kokyaku_crm.tools import office_today

        hanako = env["res.users"].search([("login", "=", "hanako")])
        mine = env["kokyaku.selection.execution"].with_user(hanako).browse(execution)
        mine._in_background("execute", day=str(office_today(mine)))
    old = office.look(one)
    worker = Worker(office.database, IN_STEPS, "67 percent").reach()
    assert office.look(one) == old
    with told(AT_BACKGROUND_WORK):
        execute(office.session("taro"), execution)
    worker.kill()
    assert office.look(one) == old
    Worker(office.database, IN_STEPS).reach()
    state, _, _, executions, lines = office.look(one)
    assert "executed" in state and executions == f"({execution},executed,{NUMBER},{NUMBER})"
    assert ",)" not in lines, "each line has its day"
