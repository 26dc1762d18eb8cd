"""The line name_search: what the drop-down and the list of persons ask while one types."""

import place

from . import floors
from .measuring import Line, same, sides
from .serving import LOGIN, _have_user

LIST = {"limit": 80, "count_limit": 10_001}
MANY = 1000  # from so many hits on, the drop-down offers the likeliest only
SPECIFICATION = {"display_name": {}, "kana": {}, "phone": {}, "ref": {}}


def name_search(database, size, repeats):
    """Every query in the drop-down and in the list, as an ordinary user, against the bare
    indexed query through the same calls. The worst counts."""
    with place.connect(database).cursor() as cr:
        cr.execute("CREATE SCHEMA IF NOT EXISTS floor")
        floors.people.create_name_keys(cr)
    _have_user(database)
    found = []
    with place.environment(database) as env:
        user = env["res.users"].search([("login", "=", LOGIN)])
        partners = env["res.partner"].with_user(user).with_context(lang="ja_JP")
        for typed, statement in floors.people.NAME_SEARCHES.items():
            for call in (_drop_down, _list):
                found.append(_measure(partners, call, typed, statement, size, repeats))
    return max(found, key=lambda line: line.ratio)


def _drop_down(partners, typed, bare):
    if bare is None:
        return partners.name_search(typed, limit=8)
    return partners.name_search("", domain=bare, limit=8)


def _list(partners, typed, bare):
    page = partners.web_search_read(
        [("display_name", "ilike", typed)] if bare is None else bare,
        SPECIFICATION,
        order="kana_sort, complete_name, id",
        **LIST,
    )
    return page["length"], [row["id"] for row in page["records"]]


def _measure(partners, call, typed, statement, size, repeats):
    from odoo.tools import SQL

    line = Line("name_search", size, 1.5)
    bare = [("id", "in", SQL("(%s)", SQL(statement.replace("%", "%%"))))]
    results = {}
    for _, side, warming in sides(max(repeats, 9)):
        partners.env.invalidate_all()
        target = Line("warm-up", "", 1) if warming else line
        with target.timing(side):
            results[side] = call(partners, typed, bare if side == "floor" else None)
    people = {found for [found] in partners.env.execute_query(bare[0][2])}
    if call is _drop_down and len(people) > MANY:  # the likeliest then, not the first by name
        strangers = [row for row in results["ours"] if row[0] not in people]
        same(f"strangers found by {typed}", strangers, [])
        same(f"number found by {typed}", len(results["ours"]), len(results["floor"]))
    else:
        same(f"people found by {typed}", results["ours"], results["floor"])
    if not results["ours"]:
        raise AssertionError(f"nobody found by {typed}")
    return line
