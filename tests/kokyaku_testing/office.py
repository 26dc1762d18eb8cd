"""An office with two employees who work on selection sets, in a served Odoo.

The moment in the middle is a real one: another session holds a row that a statement needs at its
very end, so the server stands in it with everything else written.
"""

import threading
from contextlib import closing, contextmanager

import place
import pytest

from .rpc import RpcError, Session
from .waiting import wait_until

NUMBER = 120  # people of a set
PASSWORD = "hana-to-taro"
BUSY = "being built or edited by someone else"
AT_WORK = "Somebody else is working on"
AT_BACKGROUND_WORK = "is being worked on in the background"
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


class Employee(Session):
    """花子 or 太郎 at the screen; what they press is called as on the buttons."""

    def build(self, one):
        return self.call("kokyaku.selection.set", "action_build", [one])

    def confirm(self, one):
        """Open the dialog and press 確定する; return the id of the execution."""
        return self.press_confirm(self.open_confirm(one))

    def open_confirm(self, one):
        """Return the id of the dialog."""
        [dialog] = self.call(
            "kokyaku.selection.confirm", "create", [{"sure": True}],
            context={"default_set_id": one},
        )  # fmt: skip
        return dialog

    def press_confirm(self, dialog):
        return self.call("kokyaku.selection.confirm", "action_apply", [dialog])["res_id"]

    def execute(self, execution):
        return self.call("kokyaku.selection.execution", "action_execute", [execution])

    def by_hand(self, operation, one, people):
        """Put people into a set or take them out, from the list of persons."""
        context = {"active_model": "res.partner", "active_ids": people}
        [dialog] = self.call(
            "kokyaku.selection.people",
            "create",
            [{"operation": operation, "target": "existing", "set_id": one}],
            context=context,
        )
        return self.call("kokyaku.selection.people", "action_apply", [dialog], context=context)


class Office:
    """A served database with two employees, 花子 and 太郎."""

    def __init__(self, database, server):
        self.database, self.server, self.towns = database, server, 0

    def session(self, login="hanako"):
        """Return an :class:`Employee` who has just logged in."""
        return Employee(self.server.url, self.database, login, PASSWORD)

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

    def person_held(self, person):
        return self.held("SELECT FROM res_partner WHERE id = %s FOR UPDATE", person)

    def line_held(self, execution, person):
        """Hold a person's line of an execution."""
        return self.held(
            """SELECT FROM kokyaku_execution_line
                WHERE execution_id = %s AND partner_id = %s FOR UPDATE""",
            *(execution, person),
        )

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

    @classmethod
    def hire(cls, database):
        """Make the employees, users of the customer management."""
        with place.environment(database, rollback=False) as env:
            users = env["res.users"].with_context(no_reset_password=True)
            group = env.ref("kokyaku_crm.group_user") + env.ref("base.group_user")
            users.create(
                [
                    {"name": name, "login": login, "password": PASSWORD, "lang": "en_US",
                     "tz": "Asia/Tokyo", "group_ids": [(6, 0, group.ids)]}
                    for login, name in (("hanako", "花子"), ("taro", "太郎"))
                ]
            )  # fmt: skip


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
        self.join(300)
        assert not self.is_alive(), "no answer"
        if self.error:
            raise self.error
        return self.answer


@contextmanager
def told(words):
    """The button answers with a message that says this.

    Inside of ``held`` that means at once: who waited for the rows would wait until the end of it.
    """
    with pytest.raises(RpcError, match=words):
        yield
