"""A slow server: an office worker on the import's screen does not wait for each answer."""

import contextlib

import pytest
from kokyaku_testing import web

LINES = [f"2026/05/{day:02},茶{day},1,{day}000\r\n" for day in range(1, 9)]
SALES = "日,品,数,額\r\n" + "".join(LINES)
DONE = ".o_form_view .o_arrow_button_current:has-text('取込済')"


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
    page.click(".o_import_setup .btn:has-text('売上データ')")
    page.wait_for_selector(".o_import_setup .btn.active:has-text('売上データ')")
    page.fill(".o_import_source", "レジ")
    page.wait_for_selector("text=次の項目の列を指定してください")  # all that was asked is answered
    page.wait_for_timeout(1000)
    return page


def column(page, heading):
    return page.locator(f".o_import_columns tr:has(b:text-is('{heading}')) .o_target select").first


@contextlib.contextmanager
def held(page, method):
    """Hold what is asked of the import in this block until its end."""
    asked, is_over = [], False
    page.route(
        f"**/kokyaku.import/{method}*",
        lambda route: route.continue_() if is_over else asked.append(route),
    )
    yield asked
    is_over = True
    for route in asked:
        route.continue_()


def until_asked(page, asked):
    while not asked:
        page.wait_for_timeout(50)


def test_a_column_is_chosen_while_the_file_is_being_looked_at_again(setting_up):
    page = setting_up
    with held(page, "look") as asked:
        page.fill(".o_import_layout input[type=number]", "0")
        page.keyboard.press("Tab")
        until_asked(page, asked)
        column(page, "品").select_option("shop")
    second = page.locator(".o_import_columns tbody tr:nth-child(2)")
    second.locator("text=2列目").wait_for()  # in place of its heading: the server has answered
    assert second.locator(".o_target select").input_value() == "shop"
    page.wait_for_selector(".o_import_preview th:has-text('店舗')")


def test_the_import_begins_while_the_first_rows_are_being_shown(setting_up):
    page = setting_up
    for heading, target in {"日": "date", "品": "product_name", "額": "amount"}.items():
        column(page, heading).select_option(target)
    page.click(".o_import_setup label:has-text('税込') input")
    page.wait_for_selector(".o_import_start:enabled")
    page.wait_for_timeout(1000)
    with held(page, "preview") as asked:
        column(page, "数").select_option("quantity")
        until_asked(page, asked)
        page.click(".o_import_start")
        page.wait_for_timeout(2000)
    page.wait_for_selector(DONE, timeout=60_000)
    page.wait_for_timeout(2000)
    assert not page.locator(".o_error_dialog, .modal").count()
    assert page.locator(".o_field_widget[name='new_count']").inner_text().strip() == "8"
