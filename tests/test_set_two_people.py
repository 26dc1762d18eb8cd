"""Two people who work on one selection set, or edit the same persons, at once."""

import place
import pytest
from kokyaku_testing.office import AT_WORK, BUSY, NUMBER, Press, told
from kokyaku_testing.rpc import RpcError


def test_two_people_build_a_set_at_once(office):
    one, people = office.new_set()
    with office.person_held(people[-1]):
        hanako = Press(office.session().build, one)
        office.stand()
        with told(BUSY):
            office.session("taro").build(one)
    assert hanako.result()
    first = office.look(one)
    assert f"draft,{NUMBER}," in first[0] and first[1].count("criteria") == NUMBER
    office.session("taro").build(one)
    assert office.look(one)[1] == first[1]


def test_two_people_confirm_a_set_at_once(office):
    """One execution; the second one is told that it is settled, also when they try again."""
    one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    hanako.build(one)
    dialogs = hanako.open_confirm(one), taro.open_confirm(one)
    with office.person_held(people[-1]):
        pressed = Press(hanako.press_confirm, dialogs[0])
        office.stand()
        with told(AT_WORK):
            taro.press_confirm(dialogs[1])
        with told(BUSY):
            taro.build(one)
    execution = pressed.result()
    with told("is Settled; this can be done only while it is In Preparation"):
        taro.press_confirm(dialogs[1])
    with told("is confirmed and stays as it is|its people are locked"):
        taro.build(one)
    assert office.look(one)[3] == f"({execution},prepared,{NUMBER},0)"


def test_two_people_press_confirm_in_the_same_instant(office):
    """Nobody is held: whoever comes first wins, and there is one execution."""
    hanako, taro = office.session(), office.session("taro")
    for _ in range(3):
        one, _people = office.new_set()
        hanako.build(one)
        dialogs = hanako.open_confirm(one), taro.open_confirm(one)
        pressed = [
            Press(session.press_confirm, dialog)
            for session, dialog in zip((hanako, taro), dialogs, strict=True)
        ]
        for each in pressed:
            each.join(300)
        [execution] = [each.answer for each in pressed if each.answer]
        [refused] = [str(each.error) for each in pressed if each.error]
        assert AT_WORK in refused or "is Settled" in refused
        assert office.look(one)[3] == f"({execution},prepared,{NUMBER},0)"


def test_people_are_put_in_and_taken_out_while_it_is_built(office):
    """They wait a moment, and both are done: a decision by hand is not lost."""
    one, people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    with office.person_held(people[-1]):
        building = Press(office.session().build, one)
        office.stand()
        coming = Press(office.session("taro").by_hand, "add", one, [guest])
        office.stand(2)
    assert building.result() and coming.result()
    session = office.session("taro")
    session.call("res.partner", "write", [people[3]], {"city": "よその町"})
    town = office.value("SELECT city FROM res_partner WHERE id = %s", people[-1])
    [new] = session.call("res.partner", "create", [{"name": "新しい客", "city": town}])
    with office.person_held(new):
        building = Press(office.session().build, one)
        office.stand()
        going = Press(session.by_hand, "remove", one, people[:1])
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
    with office.person_held(people[-1]):
        building = Press(office.session().build, one)
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
    office.session().build(one)
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
    office.session().build(one)
    with_a_one = sum("1" in str(number) for number in range(1, NUMBER + 1))
    assert f"draft,{with_a_one}," in office.look(one)[0]


def test_nobody_slips_into_a_set_while_it_is_confirmed(office):
    """Who would be in the set but not in the execution would get nothing, and no one notices."""
    one, people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    hanako.build(one)
    dialog = hanako.open_confirm(one)
    with office.person_held(people[-1]):
        confirming = Press(hanako.press_confirm, dialog)
        office.stand()
        coming = Press(taro.by_hand, "add", one, [guest])
        office.stand(2)
    assert confirming.result()
    with pytest.raises(RpcError, match="its people are locked"):
        coming.result()
    _, members, _, executions, _ = office.look(one)
    assert len(members.split()) == NUMBER and f",{NUMBER},0)" in executions


def test_two_people_execute_at_once(office):
    one, people = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    hanako.build(one)
    execution = hanako.confirm(one)
    [dialog] = taro.call(
        "kokyaku.selection.cancel", "create", [{"execution_id": execution, "reason": "違う日"}]
    )
    with office.line_held(execution, people[-1]):
        pressed = Press(hanako.execute, execution)
        office.stand()
        with told(AT_WORK):
            taro.execute(execution)
        with told(AT_WORK):
            taro.call("kokyaku.selection.cancel", "action_apply", [dialog])
    assert pressed.result()
    done = office.look(one)
    assert done[3] == f"({execution},executed,{NUMBER},{NUMBER})"
    with told("nobody who is still to get it"):
        taro.execute(execution)
    with told("only what is prepared and not sent can be cancelled"):
        taro.call("kokyaku.selection.cancel", "action_apply", [dialog])
    assert office.look(one) == done


def test_one_person_is_added_late_by_two_people_at_once(office):
    one, _people = office.new_set()
    _other, (guest, *_rest) = office.new_set()
    hanako, taro = office.session(), office.session("taro")
    hanako.build(one)
    execution = hanako.confirm(one)
    values = {"set_id": one, "execution_id": execution, "partner_ids": [(6, 0, [guest])],
              "reason": "部長の依頼"}  # fmt: skip
    dialogs = [
        session.call("kokyaku.selection.late", "create", [values])[0] for session in (hanako, taro)
    ]
    with office.person_held(guest):
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
    with office.person_held(people[-1]):
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
    with office.person_held(people[-1]):
        pressed = Press(hanako.call, "kokyaku.bulk.edit", "action_execute", [edit])
        office.stand()
        with told(AT_WORK):
            taro.call("kokyaku.bulk.edit", "action_execute", [edit])
    pressed.result()
    with told("was done already"):
        taro.call("kokyaku.bulk.edit", "action_execute", [edit])
    logged = "SELECT count(*) FROM kokyaku_bulk_edit_change WHERE edit_id = %s"
    assert office.value(logged, edit) == NUMBER
