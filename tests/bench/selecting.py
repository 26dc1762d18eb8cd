"""The lines of selection sets, of everyone in the database, as an ordinary user: set_build,
set_rebuild, set_combine, set_compare and execute."""

from datetime import date, timedelta

import place

from . import floors
from .data import LAST_DAY
from .measuring import Line, same, sides
from .serving import LOGIN, _have_user

PERSONS = repr([("is_company", "=", False)])
FROM = date(2023, 1, 1)


def set_build(database, size, repeats):
    """A set by attributes and one by purchases, each from nothing; the worse counts."""
    floors.sets.create_tables(database)
    _have_user(database)
    found = [
        _measure("set_build", database, size, repeats, *case) for case in _cases(database)
    ]
    return max(found, key=lambda line: line.ratio)


def set_rebuild(database, size, repeats):
    """The same set by attributes built anew after one in a hundred people has changed, with the
    list of who came in and who went out."""
    floors.sets.create_tables(database)
    _have_user(database)
    line = Line("set_rebuild", size, 1.5)
    for _, side, warming in sides(repeats):
        target = Line("warm-up", "", 1) if warming else line
        with place.environment(database) as env:
            chosen = _new_set(env, {"kind": "person", "partner_domain": PERSONS})
            if side == "ours":
                chosen._build()
            else:
                env.cr.execute(floors.SETTINGS)
                env.cr.execute(floors.sets.BUILD, {"chosen_set": chosen.id})
            env.cr.execute(floors.sets.CHANGE)  # some become companies, some persons
            env.invalidate_all()
            if side == "ours":
                with target.timing(side):
                    chosen._build()
                    env.flush_all()
                ours = _rebuilt(env, "kokyaku_selection_", chosen.id)
            else:
                with target.timing(side):
                    env.cr.execute(floors.sets.REBUILD, {"chosen_set": chosen.id})
                bare = _rebuilt(env, "floor.", chosen.id)
    same("people after the rebuild, and who came and went", ours, bare)
    return line


def _cases(database):
    """(criterion, the bare statement, its values) of both sets."""
    with place.connect(database).cursor() as cr:
        cr.execute("SELECT array_agg(id) FROM (SELECT id FROM bench_products LIMIT 100) p")
        products = cr.fetchone()[0]
    return [
        ({"kind": "person", "partner_domain": PERSONS}, floors.sets.BUILD, {}),
        (
            {
                "kind": "purchase", "product_ids": [(6, 0, products)], "period": "between",
                "date_from": FROM, "date_to": LAST_DAY, "threshold": 2,
            },
            floors.sets.BUILD_BY_PURCHASES,
            {"products": products, "since": FROM, "until": LAST_DAY + timedelta(days=1)},
        ),
    ]  # fmt: skip


def _measure(name, database, size, repeats, criterion, statement, values):
    line = Line(name, size, 1.5)
    for _, side, warming in sides(repeats):
        target = Line("warm-up", "", 1) if warming else line
        with place.environment(database) as env:
            chosen = _new_set(env, criterion)
            if side == "ours":
                with target.timing(side):
                    chosen._build()
                    env.flush_all()
                ours = _people(env, "kokyaku_selection_member", chosen.id)
            else:
                env.cr.execute(floors.SETTINGS)
                with target.timing(side):
                    env.cr.execute(statement, {"chosen_set": chosen.id, **values})
                bare = _people(env, "floor.member", chosen.id)
    same("people of the set", ours, bare)
    if not ours[0]:
        raise AssertionError("the set is empty")
    return line


def _new_set(env, criterion=None):
    user = env["res.users"].search([("login", "=", LOGIN)])
    company = user.company_id.ids
    sets = env["kokyaku.selection.set"].with_user(user)
    chosen = sets.with_context(allowed_company_ids=company, tz="Asia/Tokyo").create(
        {"name": "Bench", "criterion_ids": [(0, 0, criterion)] if criterion else []}
    )
    env.flush_all()
    return chosen


def _rebuilt(env, prefix, chosen):
    env.cr.execute(
        f"""SELECT count(*) FILTER (WHERE came_in), count(*) FILTER (WHERE NOT came_in),
                sum(hashtext(partner_id || came_in::text)::bigint)
              FROM {prefix}change WHERE set_id = {chosen}"""
    )
    came, went, changed = env.cr.fetchone()
    if not (came and went):
        raise AssertionError("nobody came in, or nobody went out")
    return came, went, changed, *_people(env, f"{prefix}member", chosen)


def _people(env, table, chosen):
    env.cr.execute(
        f"""SELECT count(*), sum(hashint4(partner_id)::bigint) FROM {table}
             WHERE set_id = {chosen}"""
    )
    return env.cr.fetchone()


# ---- set_combine ----------------------------------------------------------------------------


def set_combine(database, size, repeats):
    """Two sets of half the people each, a third of them in both, as one; and what is in the
    first only. The worse counts."""
    floors.sets.create_tables(database)
    _have_user(database)
    found = [_combine(database, size, repeats, how) for how in ("union", "difference")]
    return max(found, key=lambda line: line.ratio)


def _combine(database, size, repeats, how):
    line = Line("set_combine", size, 1.5)
    for _, side, warming in sides(repeats):
        target = Line("warm-up", "", 1) if warming else line
        with place.environment(database) as env:
            sets = _new_set(env) + _new_set(env)
            for one, rest in zip(sets, ("0, 1, 2", "2, 3, 4"), strict=True):
                env.cr.execute(floors.sets.FILL % {"chosen_set": one.id, "rest": rest})
            env.cr.execute("ANALYZE kokyaku_selection_member, floor.member")
            env.invalidate_all()
            if side == "ours":
                with target.timing(side):
                    new = sets._combine(how, {"name": "Bench"})
                    env.flush_all()
                ours = _people(env, "kokyaku_selection_member", new.id)
            else:
                env.cr.execute(floors.SETTINGS)
                with target.timing(side):
                    env.cr.execute(
                        floors.sets.COMBINE[how],
                        {"chosen_set": sets[0].id, "first": sets[0].id, "second": sets[1].id},
                    )
                bare = _people(env, "floor.member", sets[0].id)
    same(f"people of the {how}", ours, bare)
    return line


# ---- set_compare ----------------------------------------------------------------------------


def set_compare(database, size, repeats):
    """The numbers above a comparison: who is in this set only, in the other only, in both."""
    floors.sets.create_tables(database)
    _have_user(database)
    line = Line("set_compare", size, 1.5)
    with place.environment(database) as env:
        sets = _new_set(env) + _new_set(env)
        for one, rest in zip(sets, ("0, 1, 2", "2, 3, 4"), strict=True):
            env.cr.execute(floors.sets.FILL % {"chosen_set": one.id, "rest": rest})
        env.cr.execute("ANALYZE kokyaku_selection_member")
        env.invalidate_all()
        differences = sets.env["kokyaku.selection.difference"]
        differences = differences.with_context(kokyaku_compare=sets.ids)
        for _, side, warming in sides(repeats):
            target = Line("warm-up", "", 1) if warming else line
            if side == "ours":
                env.invalidate_all()
                with target.timing(side):
                    said = differences.compared_numbers()
                gone = said["changes"]["is_gone"]
                ours = (said["this"], said["last"], said["both"], gone)
            else:
                env.cr.execute(floors.SETTINGS)
                with target.timing(side):
                    env.cr.execute(
                        floors.sets.COMPARE, {"first": sets[0].id, "second": sets[1].id}
                    )
                    bare = env.cr.fetchone()
    same("numbers of the comparison", ours, bare)
    return line


# ---- execute --------------------------------------------------------------------------------


def execute(database, size, repeats):
    """Everyone of a set gets a frozen line with name and address, and is then executed."""
    floors.sets.create_tables(database)
    _have_user(database)
    line = Line("execute", size, 1.5)
    for _, side, warming in sides(repeats):
        target = Line("warm-up", "", 1) if warming else line
        with place.environment(database) as env:
            chosen = _new_set(env, {"kind": "person", "partner_domain": PERSONS})
            chosen._build()
            chosen.sudo().state = "confirmed"
            execution = chosen.env["kokyaku.selection.execution"].sudo().create(
                {"set_id": chosen.id, "company_id": chosen.company_id.id, "name": "Bench",
                 "channel": "post", "purpose": "greeting", "date": LAST_DAY}
            ).with_env(chosen.env)  # fmt: skip
            env.flush_all()
            env.cr.execute("ANALYZE kokyaku_selection_member")
            if side == "ours":
                with target.timing(side):
                    execution._prepare()
                    execution.action_execute()
                    env.flush_all()
                ours = _lines(env, "kokyaku_execution_line", execution.id)
            else:
                env.cr.execute(floors.SETTINGS)
                values = {"chosen_set": chosen.id, "execution": execution.id, "day": LAST_DAY}
                with target.timing(side):
                    env.cr.execute(floors.sets.PREPARE, values)
                    env.cr.execute(floors.sets.EXECUTE, values)
                bare = _lines(env, "floor.line", execution.id)
    same("lines of the execution", ours, bare)
    return line


def _lines(env, table, execution):
    env.cr.execute(
        f"""SELECT count(*), count(*) FILTER (WHERE sent_on IS NOT NULL), sum(hashtext(
                concat_ws('|', partner_id, zip_text, address_text, company_text, name_text,
                          honorific_text, kind, exclusion))::bigint)
              FROM {table} WHERE execution_id = {execution}"""
    )
    return env.cr.fetchone()
