"""The add-ons install, update and uninstall as an admin does it, and leave no trace."""

import itertools
import json
import re

import place
import pytest
from kokyaku_testing import databases, schema
from kokyaku_testing.web import log_in, picture
from playwright.sync_api import expect

CRM, PORTFOLIO, MAILING = "kokyaku_crm", "kokyaku_portfolio", "kokyaku_mailing"
APPS = (CRM, PORTFOLIO, MAILING)
BRIDGE = "kokyaku_portfolio_mailing"
TROUBLE = re.compile(r"^\d{4}-\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*(?:\n(?!\d{4}-).*)*", re.M)

FILLED_SCRIPT = """
from datetime import datetime, timedelta
company = env["res.partner"].create({"name": "春山商事", "is_company": True})
people = env["res.partner"].create(
    [{"name": f"顧客 {n}", "ref": f"C{n:03}", "parent_id": n % 3 == 0 and company.id}
     for n in range(30)]
)
product = env["product.product"].create({"name": "緑茶", "list_price": 3000})
orders = env["sale.order"].create([
    {"partner_id": people[n % 30].id, "order_line": [
        (0, 0, {"product_id": product.id, "product_uom_qty": n % 5 + 1})]}
    for n in range(60)
])
orders[:50].action_confirm()
for n, order in enumerate(orders):
    order.date_order = datetime(2025, 1, 1) + timedelta(days=7 * n)
"""
# Installs, updates and uninstalls the way the Apps menu does, telling the state after each step.
STEPS_SCRIPT = """
import json
from odoo.modules.registry import Registry
for action, names in {steps!r}:
    with Registry(env.cr.dbname).cursor() as cr:
        there = env(cr=cr)["ir.module.module"].search([("name", "in", names)])
        assert len(there) == len(names), (names, there)
        getattr(there, "button_immediate_" + action)()
    with Registry(env.cr.dbname).cursor() as cr:
        def execute(sql):
            cr.execute(sql)
            return cr.fetchall()
        cr.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        installed = sorted(name for [name] in cr.fetchall() if name.startswith("kokyaku"))
        print("STATE " + json.dumps({{
            "installed": installed,
            "schema": {{kind: sorted(row[0] or "" for row in execute(sql))
                        for kind, sql in {kinds!r}.items()}},
        }}), flush=True)
"""
# A row's xmin changes when anything writes it.
XMIN = "SELECT id, xmin::text FROM {table} ORDER BY id"


@pytest.fixture(scope="module")
def empty():
    """A company that has just begun: Odoo's own modules, and ours in the list of apps."""
    yield from _template("install_empty", "")


@pytest.fixture(scope="module")
def filled():
    """A company at work, with customers and orders."""
    yield from _template("install_filled", FILLED_SCRIPT)


def _template(name, script):
    place.copy(place.template(), name)
    # Odoo locks the list of modules without waiting, and says that it is busy if PostgreSQL happens
    # to be gathering statistics of it just then.
    place.execute(name, "ALTER TABLE ir_module_module SET (autovacuum_enabled = off)")
    listing = 'env["ir.module.module"].update_list()\n'
    databases.shell(name, f"{listing}{script}\nenv.cr.commit()")
    yield name
    databases.drop(name)


def state(database):
    return schema.read(lambda sql: place.execute(database, sql))


def take(database, *steps):
    """Take steps such as ``("install", [CRM])`` in one Odoo.

    :return: the states after the steps; a test fails on any warning in the log
    """
    said = databases.shell(database, STEPS_SCRIPT.format(steps=steps, kinds=schema.KINDS))
    troubles = TROUBLE.findall(said)
    assert not troubles, "\n".join(troubles)
    states = [json.loads(line[6:]) for line in said.splitlines() if line.startswith("STATE ")]
    assert len(states) == len(steps), said
    return states


def assert_same(before, after):
    lines = schema.differences(before, after)
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("world", ["empty", "filled"])
@pytest.mark.parametrize("names", [[CRM], [PORTFOLIO], [MAILING], [*APPS]], ids="+".join)
def test_install_update_uninstall(world, names, new_database, request):
    """Alone or together: an update changes nothing, an uninstall leaves what was there before."""
    database = new_database("install_alone", template=request.getfixturevalue(world))
    before = state(database)
    installed, updated, left = take(
        database, ("install", names), ("upgrade", names), ("uninstall", [CRM])
    )
    assert set(names) | {CRM} <= set(installed["installed"])
    assert (BRIDGE in installed["installed"]) == (len(names) == 3)
    assert updated["installed"] == installed["installed"]
    assert_same(installed["schema"], updated["schema"])
    assert left["installed"] == []
    assert_same(before, left["schema"])


@pytest.fixture(scope="module")
def all_at_once(filled):
    """The state with all add-ons, installed together."""
    place.copy(filled, "install_all")
    [after] = take("install_all", ("install", [*APPS]))
    databases.drop("install_all")
    return after


@pytest.mark.parametrize("order", list(itertools.permutations(APPS)), ids="+".join)
def test_any_order_ends_the_same(order, filled, all_at_once, new_database):
    """One after the other, in any order: what stands there in the end is the same."""
    database = new_database("install_order", template=filled)
    last = take(database, *[("install", [name]) for name in order])[-1]
    assert last["installed"] == all_at_once["installed"]
    assert_same(all_at_once["schema"], last["schema"])


def test_one_goes_and_the_other_stays(filled, new_database):
    """Portfolio and mailing leave each other as they were; the bridge goes with either."""
    database = new_database("install_stays", template=filled)
    crm, mailing, both, without_portfolio, again, without_mailing, nothing_but_crm = take(
        database,
        ("install", [CRM]),
        ("install", [MAILING]),
        ("install", [PORTFOLIO]),
        ("uninstall", [PORTFOLIO]),
        ("install", [PORTFOLIO]),
        ("uninstall", [MAILING]),
        ("uninstall", [PORTFOLIO]),
    )
    assert both["installed"] == sorted([*APPS, BRIDGE])
    assert without_portfolio["installed"] == [CRM, MAILING]
    assert_same(mailing["schema"], without_portfolio["schema"])
    assert_same(both["schema"], again["schema"])
    assert without_mailing["installed"] == [CRM, PORTFOLIO]
    assert_same(crm["schema"], nothing_but_crm["schema"])


def test_installing_rewrites_no_row_of_the_company(filled, new_database):
    """On millions of orders an install must not touch them: no row was written.

    Administrators get the add-ons' group, and core then writes their own contacts anew.
    """
    database = new_database("install_rows", template=filled)
    tables = ("sale_order", "sale_order_line", "res_partner", "product_template", "account_move")
    before = {table: place.execute(database, XMIN.format(table=table)) for table in tables}
    assert len(before["sale_order"]) == 60
    administrators = place.execute(database, "SELECT partner_id FROM res_users WHERE id <= 2")
    own = {"res_partner": {partner for (partner,) in administrators}}
    take(database, ("install", [*APPS]))
    for table in tables:
        written = set(place.execute(database, XMIN.format(table=table))) ^ set(before[table])
        written = {row for row in written if row[0] not in own.get(table, ())}
        assert not written, f"{table}: {sorted(written)[:5]}"


def test_from_the_command_line(filled, new_database):
    """-i and -u in a fresh process each: no warning in the log."""
    database = new_database("install_command", template=filled)
    for option in ("-i", "-u"):
        words = (option, ",".join(APPS), "--stop-after-init", "--no-http")
        said = place.run_odoo("server", "-d", database, *words)
        assert "Modules loaded" in said
        assert not TROUBLE.findall(said), "\n".join(TROUBLE.findall(said))


@pytest.fixture
def apps_url(empty, odoo_server):
    """A served database in which none of the add-ons is installed."""
    place.copy(empty, "install_apps")
    server = odoo_server("install_apps")
    yield server.url
    server.stop()
    databases.drop("install_apps")


PATIENCE = 600_000  # ms, for an add-on to be installed on a slow machine
# What an admin types who looks for it, and the name on the card before it is installed.
IN_APPS = {
    CRM: ("顧客管理", "Kokyaku CRM"),
    PORTFOLIO: ("顧客ポートフォリオ", "Customer Portfolio"),
    MAILING: ("宛名", "Kokyaku Mailing"),
}


class TestAppsMenu:
    """An admin who never saw a command line."""

    def test_find_read_install_and_uninstall(self, apps_url, page):
        log_in(page, apps_url)
        for name, (word, title) in IN_APPS.items():
            card = self.find(page, apps_url, word, title)
            assert word in card.inner_text()
            icon = card.locator("img").first.get_attribute("src")
            answer = page.request.get(f"{apps_url}{icon}")
            assert name in icon
            assert (answer.ok, answer.headers["content-type"]) == (True, "image/png")
            self.read_about(page, card, name)
        word, title = IN_APPS[PORTFOLIO]
        card = self.find(page, apps_url, word, title)
        with page.expect_event("load", timeout=PATIENCE):  # the client begins anew by itself
            card.locator("[name=button_immediate_install]").click()
        self.check_state(PORTFOLIO, "installed")
        page.goto(f"{apps_url}/odoo")
        page.click(".o_navbar_apps_menu button")
        page.get_by_role("menuitem", name=word).wait_for()
        picture(page, "apps_installed")
        card = self.find(page, apps_url, word, title)
        card.locator("[id=module_info]").click()
        page.locator(".o_form_view [name=button_uninstall_wizard]").click()
        with page.expect_event("load", timeout=PATIENCE):
            page.locator(".modal [name=action_uninstall]").click()
        self.check_state(PORTFOLIO, "uninstalled")
        page.goto("about:blank")
        page.troubles.expected("404")  # the client still asks for what has just gone
        page.goto(f"{apps_url}/odoo")
        page.click(".o_navbar_apps_menu button")
        page.get_by_role("menuitem", name="アプリ").wait_for()
        assert page.get_by_role("menuitem", name=word).count() == 0

    def find(self, page, url, word, title):
        """Search in Apps; return the card with the title."""
        page.goto(f"{url}/odoo/apps")
        cards = page.locator(".o_kanban_record:not(.o_kanban_ghost)")
        cards.first.wait_for()
        page.fill(".o_searchview_input", word)
        # before it offers to search for the word, Enter searches for nothing
        page.locator(".o_searchview_autocomplete").get_by_text(word).first.wait_for()
        with page.expect_response(lambda answer: self.answers(answer, word)) as found:
            page.keyboard.press("Enter")
        # the cards of before the search move under the mouse until the answer is drawn
        expect(cards).to_have_count(len(found.value.json()["result"]["records"]))
        either = re.compile(f"^({re.escape(title)}|{re.escape(word)})$")  # Japanese once installed
        card = cards.filter(has=page.get_by_text(either)).first
        card.wait_for()
        return card

    def answers(self, response, word):
        return "web_search_read" in response.url and word in (response.request.post_data or "")

    def read_about(self, page, card, name):
        """Open the card's page, which tells in Japanese what the add-on does."""
        picture(page, f"apps_{name}_card")
        card.locator("[id=module_info]").click()
        about = page.locator("div[name=description_html]")
        about.wait_for()
        picture(page, f"apps_{name}")
        assert len(about.inner_text()) > 300
        assert re.search(r"[ぁ-ん]", about.inner_text()), "Nothing in Japanese."

    def check_state(self, name, state):
        question = "SELECT state FROM ir_module_module WHERE name = %s"
        assert place.execute("install_apps", question, (name,)) == [(state,)]
