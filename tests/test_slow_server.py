"""A slow server: an office worker does not wait for each answer, on the screen of an import or
on the work list of the linking."""

import contextlib

import pytest
from kokyaku_testing import web
from kokyaku_testing.rpc import Session

LINES = [f"2026/05/{day:02},茶{day},1,{day}000\r\n" for day in range(1, 9)]
SALES = "日,品,数,額\r\n" + "".join(LINES)
DONE = ".o_form_view .o_arrow_button_current:has-text('取込済')"

BUYERS = """
people = env["res.partner"].create([{"name": "紐付 花子"}, {"name": "紐付 太郎"}])
import_ = env["kokyaku.import"].create(
    {"kind": "sales", "file_name": "紐付.csv", "source": "紐付", "company_id": env.company.id})
env["kokyaku.sales.record"].create([
    {"company_id": env.company.id, "import_id": import_.id, "source": "紐付", "date": "2026-05-01",
     "external_key": str(number), "amount": 9000 - number, "buyer_name": "客 " + str(number)}
    for number in range(2)])
links = env["kokyaku.sales.link"]
links._link_lines(env.company)
for person, link in zip(people, links.search([("source", "=", "紐付")], order="amount DESC")):
    candidate = {"partner_id": person.id, "points": 50, "reasons": "phone"}
    link.write({"points": 50, "candidate_ids": [(0, 0, candidate)]})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def server(module_database, odoo_shell, odoo_server):
    odoo_shell(
        module_database,
        'env["res.users"].browse(2).write({"lang": "ja_JP", "tz": "Asia/Tokyo"}); env.cr.commit()',
    )
    return odoo_server(module_database)


@pytest.fixture
def setting_up(page, server):
    """The page on which a file of sales is set up."""
    web.log_in(page, server.url)
    page.goto(f"{server.url}/odoo/kokyaku-data-in")
    file = {"name": "レジ.csv", "mimeType": "text/csv", "buffer": SALES.encode("cp932")}
    page.set_input_files(".o_data_in_file", file)
    page.wait_for_selector(".o_import_columns b:text-is('品')")
    page.wait_for_selector(".o_import_preview")
    with page.expect_response("**/kokyaku.import/preview*"):  # after it has been looked at again
        page.click(".o_import_setup .btn:has-text('売上データ')")
    page.wait_for_selector(".o_import_setup .btn.active:has-text('売上データ')")
    page.fill(".o_import_source", "レジ")
    page.wait_for_selector("text=次の項目の列を指定してください")
    return page


def column(page, heading):
    return page.locator(f".o_import_columns tr:has(b:text-is('{heading}')) .o_target select").first


@contextlib.contextmanager
def held(page, method, model="kokyaku.import"):
    """Hold what is asked of a method in this block until its end."""
    asked, is_over = [], False
    page.route(
        f"**/{model}/{method}*",
        lambda route: route.continue_() if is_over else asked.append(route),
    )
    yield
    is_over = True
    for route in asked:
        route.continue_()


def asks(method, words=""):
    """A request that asks this of an import, with these words in it."""
    return lambda one: f"/kokyaku.import/{method}" in one.url and words in (one.post_data or "")


def test_a_column_is_chosen_while_the_file_is_being_looked_at_again(setting_up):
    page = setting_up
    with held(page, "look"):
        with page.expect_request(asks("look")):
            page.fill(".o_import_layout input[type=number]", "0")
            page.keyboard.press("Tab")
        column(page, "品").select_option("shop")
    second = page.locator(".o_import_columns tbody tr:nth-child(2)")
    second.locator("text=2列目").wait_for()  # in place of its heading: the server has answered
    assert second.locator(".o_target select").input_value() == "shop"
    page.wait_for_selector(".o_import_preview th:has-text('店舗')")


def test_the_import_begins_when_the_first_rows_have_been_shown(setting_up):
    page = setting_up
    for heading, target in {"日": "date", "品": "product_name", "額": "amount"}.items():
        column(page, heading).select_option(target)
    page.click(".o_import_setup label:has-text('税込') input")
    page.wait_for_selector(".o_import_start:enabled")
    happened = []
    page.on("request", lambda one: asks("begin")(one) and happened.append("begins"))
    page.on("response", lambda one: asks("preview")(one.request) and happened.append("shown"))
    with held(page, "preview"):
        with page.expect_request(asks("preview", '"target":"quantity"')) as quantity:
            column(page, "数").select_option("quantity")
        page.click(".o_import_start")
        page.wait_for_selector(".o_import_start:disabled")
    page.wait_for_selector(DONE)
    assert happened[-1] == "begins", "the server shows no rows of what has begun"
    assert "shown" in happened
    assert "error" not in quantity.value.response().json()
    assert not page.locator(".o_error_dialog, .modal").count()
    assert page.locator(".o_field_widget[name='new_count']").inner_text().strip() == "8"


def test_what_is_decided_is_written_before_the_page_is_left(page, server, odoo_shell):
    odoo_shell(server.database, BUYERS)
    web.log_in(page, server.url)
    page.goto(f"{server.url}/odoo/kokyaku-sales-link")
    page.wait_for_selector(".o_link_buyers .o_chosen:has-text('客 0')")
    happened = []
    page.on("response", lambda one: "/link_decide" in one.url and happened.append("written"))
    page.on("request", lambda one: "/get_views" in one.url and happened.append("leaves"))
    with held(page, "link_decide", "kokyaku.sales.link"):
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_selector(".o_link_decided li:nth-child(2)")
        with page.expect_response("**/web/action/load*"):
            page.click(".o_main_navbar .o_menu_sections :text-is('個人マスター')")
    page.wait_for_selector(".o_action_manager :is(.o_list_view, .o_kanban_view)")
    assert happened[:3] == ["written", "written", "leaves"]
    session = Session(server.url, server.database)
    lines = session.call(
        "kokyaku.sales.record", "search_read", [["source", "=", "紐付"]], ["partner_id"],
        order="amount DESC",
    )
    assert [line["partner_id"][1] for line in lines] == ["紐付 花子", "紐付 太郎"]
