"""Selection sets whose server is killed half-way: users see the old state or the new one."""

import place
from kokyaku_testing.office import AT_BACKGROUND_WORK, NUMBER, Press, told
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


def kill_in_the_middle(office, one, held, button, *args):
    """Somebody presses a button, and the server is killed when nothing but the last row is
    left to be written: what is seen of the set is as before.

    :param held: holds that row, as ``office.held``
    """
    old = office.look(one)
    with held:
        pressed = Press(button, *args)
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer


def test_a_server_killed_while_a_set_is_built_for_the_first_time(office):
    one, people = office.new_set()
    kill_in_the_middle(office, one, office.person_held(people[-1]), office.session().build, one)
    office.session().build(one)
    state, members, *_ = office.look(one)
    assert f"draft,{NUMBER}," in state and members.count("criteria") == NUMBER
    built = "SELECT built_added FROM kokyaku_selection_set WHERE id = %s"
    assert office.value(built, one) == NUMBER


def test_a_server_killed_while_a_set_is_built_anew(office):
    """What came and went, and what was decided by hand, is as before or as after it."""
    one, people = office.new_set()
    session = office.session()
    session.build(one)
    session.by_hand("remove", one, people[:2])
    session.call("res.partner", "write", people[2:6], {"city": "よその町"})
    town = office.value("SELECT city FROM res_partner WHERE id = %s", people[-1])
    [new] = session.call("res.partner", "create", [{"name": "新しい客", "city": town}])
    kill_in_the_middle(office, one, office.person_held(new), session.build, one)
    session = office.session()
    session.build(one)
    done = office.look(one)
    assert f"draft,{NUMBER - 2 - 4 + 1}," in done[0]
    assert done[1].count("criteria,t") == 2, "who was removed by hand stays out"
    assert (done[2].count(",t)"), done[2].count(",f)")) == (1, 4)
    session.build(one)
    assert office.look(one)[1] == done[1], "building it once more changed something"


def test_a_server_killed_while_an_execution_is_prepared(office):
    one, people = office.new_set()
    session = office.session()
    session.build(one)
    dialog = session.open_confirm(one)
    kill_in_the_middle(office, one, office.person_held(people[-1]), session.press_confirm, dialog)
    execution = office.session().confirm(one)
    state, _, _, executions, lines = office.look(one)
    assert "confirmed" in state
    assert executions == f"({execution},prepared,{NUMBER},0)"
    assert len(lines.split()) == NUMBER


def test_a_server_killed_while_an_execution_is_executed(office):
    one, people = office.new_set()
    session = office.session()
    session.build(one)
    execution = session.confirm(one)
    line = office.line_held(execution, people[-1])
    kill_in_the_middle(office, one, line, session.execute, execution)
    session = office.session()
    session.execute(execution)
    done = office.look(one)
    assert "executed" in done[0] and done[3] == f"({execution},executed,{NUMBER},{NUMBER})"
    assert ",)" not in done[4], "each line has its day"
    with told("nobody who is still to get it"):
        session.execute(execution)
    assert office.look(one) == done


def test_a_run_killed_while_it_executes_very_many(office):
    """Nothing of its first steps is seen before the last one; the next run does all of it."""
    one, _people = office.new_set()
    session = office.session()
    session.build(one)
    execution = session.confirm(one)
    with place.environment(office.database, rollback=False) as env:
        from odoo.addons.kokyaku_crm.tools import office_today

        hanako = env["res.users"].search([("login", "=", "hanako")])
        mine = env["kokyaku.selection.execution"].with_user(hanako).browse(execution)
        mine._in_background("execute", day=str(office_today(mine)))
    old = office.look(one)
    worker = Worker(office.database, IN_STEPS, "67 percent").reach()
    assert office.look(one) == old
    with told(AT_BACKGROUND_WORK):
        office.session("taro").execute(execution)
    worker.kill()
    assert office.look(one) == old
    Worker(office.database, IN_STEPS).reach()
    state, _, _, executions, lines = office.look(one)
    assert "executed" in state and executions == f"({execution},executed,{NUMBER},{NUMBER})"
    assert ",)" not in lines, "each line has its day"
