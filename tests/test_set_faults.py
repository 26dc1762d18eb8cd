"""Selection sets and bulk edits that are killed half-way, or worked on by two people at once.

The moment in the middle is a real one: another session holds a row that the statement needs at
its very end, so the server stands in it with everything else written, and is killed there, or
the second person presses the button there.
"""

import threading
import time
from contextlib import closing, contextmanager

import place
import pytest
from kokyaku_testing.rpc import RpcError, Session

NUMBER = 120  # people of a set
PASSWORD = "hana-to-taro"
BUSY = "being built or edited by someone else"
AT_WORK = "Somebody else is working on"
# What users see of a set, in one snapshot.
SEEN = """
SELECT (SELECT (s.state, s.member_count, s.built_at, s.criteria_changed)::text
          FROM kokyaku_selection_set s WHERE s.id = %(set)s),
       (SELECT string_agg((m.partner_id, m.origin, m.excluded)::text, ' ' ORDER BY m.partner_id)
          FROM kokyaku_selection_member m WHERE m.set_id = %(set)s),
       (SELECT string_agg((c.partner_id, c.came_in)::text, ' ' ORDER BY c.partner_id)
          FROM kokyaku_selection_change c WHERE c.set_id = %(set)s),
       (SELECT string_agg((e.id, e.state, e.line_count, e.sent_count)::text, ' ' ORDER BY e.id)
          FROM kokyaku_selection_execution e WHERE e.set_id = %(set)s),
       (SELECT string_agg((l.partner_id, l.exclusion, l.sent_on)::text, ' ' ORDER BY l.id)
          FROM kokyaku_execution_line l WHERE l.set_id = %(set)s)
"""
A_PERSON = "SELECT FROM res_partner WHERE id = %s FOR UPDATE"
A_LINE = "SELECT FROM kokyaku_execution_line WHERE execution_id = %s AND partner_id = %s FOR UPDATE"


# ---- the office ------------------------------------------------------------------------------


class Office:
    """A served database with two employees, 花子 and 太郎."""

    def __init__(self, database, server):
        self.database, self.server, self.towns = database, server, 0

    def session(self, login="hanako"):
        return Session(self.server.url, self.database, login, PASSWORD)

    def new_set(self):
        """A set by criteria, not built yet, of everybody in a town of its own.

        :return: (id of the set, ids of the people in their order)
        """
        self.towns += 1
        town = f"第{self.towns}町"
        with place.environment(self.database, rollback=False) as env:
            people = env["res.partner"].with_context(tracking_disable=True)
            people = people.create(
                [
                    {"name": f"客 {n}", "city": town, "street": f"{n}番"}
                    for n in range(1, NUMBER + 1)
                ]
            )
            hanako = env["res.users"].search([("login", "=", "hanako")])
            one = env["kokyaku.selection.set"].with_user(hanako).create(
                {
                    "name": f"{town}の皆様",
                    "criterion_ids": [
                        (0, 0, {"kind": "person", "partner_domain": repr([("city", "=", town)])})
                    ],
                }
            )
            return one.id, people.ids

    def look(self, one):
        return place.execute(self.database, SEEN, {"set": one})[0]

    def value(self, statement, *params):
        [(value,)] = place.execute(self.database, statement, params)
        return value

    @contextmanager
    def held(self, statement, *params):
        """Whoever needs these rows stands in the middle of their statement meanwhile."""
        with closing(place.connect(self.database, autocommit=False)) as connection:
            with connection.cursor() as cr:
                cr.execute(statement, params)
                yield
            connection.rollback()

    def stand(self, number=1):
        """Wait until so many statements stand before rows that are held."""
        wait_until(lambda: self._backends("wait_event_type = 'Lock'") >= number, "it stands")

    def kill(self):
        """kill -9, at once."""
        self.server.process.kill()
        self.server.process.wait()

    def start_again(self):
        wait_until(lambda: not self._backends("state <> 'idle'"), "the killed one's work is gone")
        self.server.start()

    def _backends(self, condition):
        return self.value(
            f"""SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"""
        )


class Press(threading.Thread):
    """Somebody presses a button; what came of it is told by ``result``."""

    def __init__(self, button, *args, **kwargs):
        super().__init__()
        self.button, self.args, self.kwargs = button, args, kwargs
        self.answer = self.error = None
        self.start()

    def run(self):
        try:
            self.answer = self.button(*self.args, **self.kwargs)
        except Exception as error:
            self.error = error

    def result(self):
        self.join(90)
        assert not self.is_alive(), "no answer"
        if self.error:
            raise self.error
        return self.answer


def wait_until(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"It takes too long until {what}."
        time.sleep(0.05)


@contextmanager
def told(words):
    """The button answers at once, with a message that says this."""
    started = time.monotonic()
    with pytest.raises(RpcError, match=words):
        yield
    assert time.monotonic() - started < 30, "it waited instead of answering"


@pytest.fixture(scope="module")
def office(module_database, odoo_server):
    with place.environment(module_database, rollback=False) as env:
        users = env["res.users"].with_context(no_reset_password=True)
        group = env.ref("kokyaku_crm.group_user") + env.ref("base.group_user")
        users.create(
            [
                {"name": name, "login": login, "password": PASSWORD, "lang": "en_US",
                 "tz": "Asia/Tokyo", "group_ids": [(6, 0, group.ids)]}
                for login, name in (("hanako", "花子"), ("taro", "太郎"))
            ]
        )  # fmt: skip
    yield Office(module_database, odoo_server(module_database, "--max-cron-threads=0"))
    place.forget(module_database)


def build(session, one):
    return session.call("kokyaku.selection.set", "action_build", [one])


def confirm(session, one):
    """Open the dialog and press 確定する; return the id of the execution."""
    return press_confirm(session, open_confirm(session, one))


def open_confirm(session, one):
    [dialog] = session.call(
        "kokyaku.selection.confirm", "create", [{"sure": True}], context={"default_set_id": one}
    )
    return dialog


def press_confirm(session, dialog):
    return session.call("kokyaku.selection.confirm", "action_apply", [dialog])["res_id"]


def execute(session, execution):
    return session.call("kokyaku.selection.execution", "action_execute", [execution])


def by_hand(session, operation, one, people):
    """Put people into a set or take them out, from the list of persons."""
    context = {"active_model": "res.partner", "active_ids": people}
    [dialog] = session.call(
        "kokyaku.selection.people",
        "create",
        [{"operation": operation, "target": "existing", "set_id": one}],
        context=context,
    )
    return session.call("kokyaku.selection.people", "action_apply", [dialog], context=context)


# ---- killed ----------------------------------------------------------------------------------


def test_a_server_killed_while_a_set_is_built_for_the_first_time(office):
    one, people = office.new_set()
    old = office.look(one)
    with office.held(A_PERSON, people[-1]):
        pressed = Press(build, office.session(), one)
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer
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
    old = office.look(one)
    with office.held(A_PERSON, new):
        pressed = Press(build, session, one)
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer
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
    old = office.look(one)
    with office.held(A_PERSON, people[-1]):
        pressed = Press(press_confirm, session, open_confirm(session, one))
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer
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
    old = office.look(one)
    with office.held(A_LINE, execution, people[-1]):
        pressed = Press(execute, session, execution)
        office.stand()
        office.kill()
        assert office.look(one) == old
    office.start_again()
    assert office.look(one) == old and not pressed.answer
    session = office.session()
    execute(session, execution)
    done = office.look(one)
    assert "executed" in done[0] and done[3] == f"({execution},executed,{NUMBER},{NUMBER})"
    assert ",)" not in done[4], "each line has its day"
    with told("nobody who is still to get it"):
        execute(session, execution)
    assert office.look(one) == done


# ---- two at once -----------------------------------------------------------------------------


def test_two_people_build_a_set_at_once(office):
    one, people = office.new_set()
    with office.held(A_PERSON, people[-1]):
        hanako = Press(build, office.session(), one)
        office.stand()
        with told(BUSY):
            build(office.session("taro"), one)
    assert hanako.result()
    first = office.look(one)
    assert f"draft,{NUMBER}," in first[0] and first[1].count("criteria") == NUMBER
    build(office.session("taro"), one)
    assert office.look(one)[1] == first[1]


def test_two_people_confirm_a_set_at_once(office):
    """One execution; the second one is told that it is settled, also when they try again."""
    one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    build(hanako, one)
    dialogs = open_confirm(hanako, one), open_confirm(taro, one)
    with office.held(A_PERSON, people[-1]):
        pressed = Press(press_confirm, hanako, dialogs[0])
        office.stand()
        with told(AT_WORK):
            press_confirm(taro, dialogs[1])
        with told(BUSY):
            build(taro, one)
    execution = pressed.result()
    with told("is Settled; this can be done only while it is In Preparation"):
        press_confirm(taro, dialogs[1])
    with told("is confirmed and stays as it is|its people are locked"):
        build(taro, one)
    assert office.look(one)[3] == f"({execution},prepared,{NUMBER},0)"


def test_two_people_press_confirm_in_the_same_instant(office):
    """Nobody is held: whoever comes first wins, and there is one execution."""
    hanako, taro = office.session(), office.session("taro")
    for _ in range(3):
        one, _people = office.new_set()
        build(hanako, one)
        dialogs = open_confirm(hanako, one), open_confirm(taro, one)
        pressed = [
            Press(press_confirm, session, dialog)
            for session, dialog in zip((hanako, taro), dialogs, strict=True)
        ]
        for each in pressed:
            each.join(90)
        [execution] = [each.answer for each in pressed if each.answer]
        [refused] = [str(each.error) for each in pressed if each.error]
        assert AT_WORK in refused or "is Settled" in refused
        assert office.look(one)[3] == f"({execution},prepared,{NUMBER},0)"


def test_people_are_put_in_and_taken_out_while_it_is_built(office):
    """They wait a moment, and both are done: a decision by hand is not lost."""
    one, people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    with office.held(A_PERSON, people[-1]):
        building = Press(build, office.session(), one)
        office.stand()
        coming = Press(by_hand, office.session("taro"), "add", one, [guest])
        office.stand(2)
    assert building.result() and coming.result()
    session = office.session("taro")
    session.call("res.partner", "write", [people[3]], {"city": "よその町"})
    town = office.value("SELECT city FROM res_partner WHERE id = %s", people[-1])
    [new] = session.call("res.partner", "create", [{"name": "新しい客", "city": town}])
    with office.held(A_PERSON, new):
        building = Press(build, office.session(), one)
        office.stand()
        going = Press(by_hand, session, "remove", one, people[:1])
        office.stand(2)
    assert building.result() and going.result()
    state, members, changes, *_ = office.look(one)
    assert f"draft,{NUMBER}," in state  # one more by hand, one less; one came, one went
    assert f"({guest},manual,f)" in members and f"({people[0]},criteria,t)" in members
    assert (changes.count(",t)"), changes.count(",f)")) == (1, 1)


def test_criteria_changed_while_it_is_built_are_pointed_out(office):
    one, people = office.new_set()
    criterion = office.value(
        "SELECT id FROM kokyaku_selection_criterion WHERE set_id = %s", one
    )
    with office.held(A_PERSON, people[-1]):
        building = Press(build, office.session(), one)
        office.stand()
        change = {"partner_domain": "[('city', '=', 'よその町')]"}
        changing = Press(
            office.session("taro").call,
            *("kokyaku.selection.set", "write", [one]),
            {"criterion_ids": [(1, criterion, change)]},
        )
        office.stand(2)
    assert building.result() and changing.result()
    assert office.value("SELECT criteria_changed FROM kokyaku_selection_set WHERE id = %s", one)


def test_two_people_change_the_criteria_at_once(office):
    """Both changes are there, each once."""
    one, people = office.new_set()
    build(office.session(), one)
    with office.held("SELECT FROM kokyaku_selection_set WHERE id = %s FOR UPDATE", one):
        changing = [
            Press(
                office.session(login).call,
                *("kokyaku.selection.set", "write", [one]),
                {"criterion_ids": [(0, 0, {"partner_domain": repr([("name", "ilike", name)])})]},
            )
            for login, name in (("hanako", "客"), ("taro", "1"))
        ]
        office.stand(2)
    for each in changing:
        assert each.result()
    criteria = office.value(
        """SELECT string_agg(partner_domain, ' ' ORDER BY partner_domain DESC)
             FROM kokyaku_selection_criterion WHERE set_id = %s AND id > (
                 SELECT min(id) FROM kokyaku_selection_criterion WHERE set_id = %s)""",
        *(one, one),
    )
    assert criteria == "[('name', 'ilike', '客')] [('name', 'ilike', '1')]"
    assert office.value("SELECT criteria_changed FROM kokyaku_selection_set WHERE id = %s", one)
    build(office.session(), one)
    with_a_one = sum("1" in str(number) for number in range(1, NUMBER + 1))
    assert f"draft,{with_a_one}," in office.look(one)[0]


def test_nobody_slips_into_a_set_while_it_is_confirmed(office):
    """Who would be in the set but not in the execution would get nothing, and no one notices."""
    one, people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    build(hanako, one)
    dialog = open_confirm(hanako, one)
    with office.held(A_PERSON, people[-1]):
        confirming = Press(press_confirm, hanako, dialog)
        office.stand()
        coming = Press(by_hand, taro, "add", one, [guest])
        office.stand(2)
    assert confirming.result()
    with pytest.raises(RpcError, match="its people are locked"):
        coming.result()
    _, members, _, executions, _ = office.look(one)
    assert len(members.split()) == NUMBER and f",{NUMBER},0)" in executions


def test_two_people_execute_at_once(office):
    one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    build(hanako, one)
    execution = confirm(hanako, one)
    [dialog] = taro.call(
        "kokyaku.selection.cancel", "create", [{"execution_id": execution, "reason": "違う日"}]
    )
    with office.held(A_LINE, execution, people[-1]):
        pressed = Press(execute, hanako, execution)
        office.stand()
        with told(AT_WORK):
            execute(taro, execution)
        with told(AT_WORK):
            taro.call("kokyaku.selection.cancel", "action_apply", [dialog])
    assert pressed.result()
    done = office.look(one)
    assert done[3] == f"({execution},executed,{NUMBER},{NUMBER})"
    with told("nobody who is still to get it"):
        execute(taro, execution)
    with told("only what is prepared and not sent can be cancelled"):
        taro.call("kokyaku.selection.cancel", "action_apply", [dialog])
    assert office.look(one) == done


def test_one_person_is_added_late_by_two_people_at_once(office):
    one, _people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    build(hanako, one)
    execution = confirm(hanako, one)
    values = {"set_id": one, "execution_id": execution, "partner_ids": [(6, 0, [guest])],
              "reason": "部長の依頼"}  # fmt: skip
    dialogs = [
        session.call("kokyaku.selection.late", "create", [values])[0] for session in (hanako, taro)
    ]
    with office.held(A_PERSON, guest):
        pressed = Press(hanako.call, "kokyaku.selection.late", "action_apply", [dialogs[0]])
        office.stand()
        with told(AT_WORK):
            taro.call("kokyaku.selection.late", "action_apply", [dialogs[1]])
    assert pressed.result()
    with told("is in .* already"):
        taro.call("kokyaku.selection.late", "action_apply", [dialogs[1]])
    assert office.look(one)[3] == f"({execution},prepared,{NUMBER + 1},0)"


# ---- two bulk edits --------------------------------------------------------------------------


def new_edit(session, people, **line):
    [edit] = session.call(
        "kokyaku.bulk.edit", "create",
        [{"domain": repr([("id", "in", people)]), "line_ids": [(0, 0, line)]}],
    )
    session.call("kokyaku.bulk.edit", "action_check", [edit])
    return edit


def choices(office, people):
    """Which choices of address how many of the people have."""
    return dict(
        place.execute(
            office.database,
            """SELECT address_choice, count(*) FROM res_partner
                WHERE id = ANY(%s) GROUP BY address_choice""",
            (people,),
        )
    )


def test_two_bulk_edits_of_the_same_people_at_once(office):
    """One after the other; each can be taken back, and what the other one did stays."""
    _one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    first = new_edit(hanako, people, fname="address_choice", address_choice="home")
    second = new_edit(taro, people, fname="address_choice", address_choice="company")
    with office.held(A_PERSON, people[-1]):
        pressed = [Press(hanako.call, "kokyaku.bulk.edit", "action_execute", [first])]
        office.stand()
        pressed.append(Press(taro.call, "kokyaku.bulk.edit", "action_execute", [second]))
        office.stand(2)
    for each in pressed:
        each.result()
    [(last, number)] = choices(office, people).items()
    assert number == NUMBER, "some have the one, some the other"
    edits = [(hanako, first), (taro, second)]
    (whose, earlier), (theirs, later) = edits if last == "company" else edits[::-1]
    whose.call("kokyaku.bulk.edit", "action_undo", [earlier])
    assert choices(office, people) == {last: NUMBER}, "the later edit was undone too"
    theirs.call("kokyaku.bulk.edit", "action_undo", [later])
    [(left, number)] = choices(office, people).items()
    assert left != last and number == NUMBER


def test_one_bulk_edit_is_carried_out_by_two_people_at_once(office):
    _one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    edit = new_edit(hanako, people, fname="address_choice", address_choice="home")
    with office.held(A_PERSON, people[-1]):
        pressed = Press(hanako.call, "kokyaku.bulk.edit", "action_execute", [edit])
        office.stand()
        with told(AT_WORK):
            taro.call("kokyaku.bulk.edit", "action_execute", [edit])
    pressed.result()
    with told("was done already"):
        taro.call("kokyaku.bulk.edit", "action_execute", [edit])
    logged = "SELECT count(*) FROM kokyaku_bulk_edit_change WHERE edit_id = %s"
    assert office.value(logged, edit) == NUMBER
