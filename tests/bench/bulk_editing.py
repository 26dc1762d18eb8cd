"""The line bulk_edit: one type is added to everybody, with the log from which it is undone."""

import place

from . import floors
from .measuring import Line, same, sides
from .serving import LOGIN, _have_user


def bulk_edit(database, size, repeats):
    """Carrying out a checked bulk edit as an ordinary user, against the bare statements that
    write the same rows. All is rolled back."""
    _have_user(database)
    line = Line("bulk_edit", size, 2)
    results = {}
    with place.environment(database) as env:
        user = env["res.users"].search([("login", "=", LOGIN)])
        edit = _checked_edit(env(user=user))
        for _number, side, warming in sides(repeats):
            env.cr.execute("SAVEPOINT bulk_edit")
            target = Line("warm-up", size, 1) if warming else line
            with target.timing(side):
                if side == "ours":
                    edit._execute()
                    env.flush_all()
                else:
                    floors.people.bulk_edit(env.cr, *_numbers(edit))
            results[side] = _written(env.cr, edit)
            env.cr.execute("ROLLBACK TO SAVEPOINT bulk_edit")
            env.invalidate_all(flush=False)
        same("rows written", results["ours"], results["floor"])
        if not results["ours"][0]:
            raise AssertionError("nobody was changed")
    return line


def _checked_edit(env):
    kind = env["kokyaku.personal.type"].sudo().create({"code": "BENCH", "name": "一括"})
    edit = env["kokyaku.bulk.edit"].create({
        "domain": "[('is_company', '=', False), ('ref', '=like', 'K%')]",
        "line_ids": [(0, 0, {"fname": "personal_type_ids", "operation": "add",
                             "personal_type_ids": [(6, 0, kind.ids)]})],
    })
    edit.action_check()
    env.flush_all()
    return edit


def _numbers(edit):
    return edit.id, edit.line_ids.id, edit.line_ids.personal_type_ids.id, edit.env.uid


def _written(cr, edit):
    """What either side wrote: the links, the log, and who last wrote the person."""
    number, _line, kind, uid = _numbers(edit)
    cr.execute(floors.people.BULK_EDIT_WRITTEN, {"edit": number, "kind": kind, "uid": uid})
    return cr.fetchone()
