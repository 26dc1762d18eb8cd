"""The way of an office worker through the product, in a real browser, in Japanese.

From the first start to the board, from a tier to its people, to the Excel file and the labels,
and from a changed threshold to the new picture.
"""

import contextlib
import io

import openpyxl
import playwright.sync_api
import pypdf
import pytest
from kokyaku_testing import web

COLUMNS = [
    "顧客コード", "氏名", "メールアドレス", "電話番号", "売上累計", "初回購入日", "最終購入日",
    "期間", "ロス期間", "顧客階層",
]
ADDRESS = {"zip": "150-0001", "city": "渋谷区", "street": "神宮前1-2-3"}

WORLD = """
from datetime import timedelta
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
japan, tokyo = env.ref("base.jp"), env.ref("base.state_jp_jp-13")
tea = env["product.product"].create({"name": "煎茶", "taxes_id": [(5,)]})
now = fields.Datetime.now()

def customer(code, name, *purchases):
    person = env["res.partner"].create({
        "name": name, "ref": code, "email": code.lower() + "@example.com",
        "phone": "03-0000-0000", "country_id": japan.id, "state_id": tokyo.id, **ADDRESS,
    })
    for days_ago, amount in purchases:
        order = env["sale.order"].create({"partner_id": person.id, "order_line": [
            (0, 0, {"product_id": tea.id, "price_unit": amount, "tax_ids": [(5,)]})]})
        order.action_confirm()
        order.date_order = now - timedelta(days=days_ago)

for number, name in enumerate(("黒木 健一", "新見 忍", "=園田 聡")):
    customer(f"A-010{number}", name, (900, 40_000), (500 - number, 50_000))
customer("A-0200", "村木 洋子", (700, 30_000), (20, 40_000))
for number in range(5):
    customer(f"A-030{number}", f"初回 花子{number}", (number * 20, 5_000))
customer("A-0400", "見込 一郎")
env["res.users"].browse(2).write({"lang": "ja_JP", "tz": "Asia/Tokyo"})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def server(module_database, odoo_shell, odoo_server):
    odoo_shell(module_database, f"ADDRESS = {ADDRESS!r}\n{WORLD}")
    return odoo_server(module_database)


def open_board(page, server):
    web.log_in(page, server.url)
    page.goto(f"{server.url}/odoo")
    page.goto(f"{server.url}/odoo/action-kokyaku_portfolio.action_board")


def cell(page, code):
    """The number of people in a cell of the board."""
    return page.locator(f".o_board_cell[data-tier={code}] .o_board_value")


def test_from_the_first_start_to_the_new_picture(page, server):
    open_board(page, server)

    # 1. 初回: the office is asked for its kind of business; nothing is assumed.
    dialog = page.locator(".modal")
    dialog.get_by_text("通信販売", exact=False).first.click()
    dialog.locator("[name=loyal_amount] input").fill("70000")
    web.picture(page, "story_1_first_start")
    dialog.get_by_role("button", name="ポートフォリオ作成").click()

    # 2. The board appears, computed in the background.
    page.locator(".o_board_cell").first.wait_for(timeout=120_000)
    page.wait_for_function(
        "document.querySelector('.o_board_cell[data-tier=loyal_lapsed] .o_board_value')"
        "?.textContent.startsWith('3')",
        timeout=120_000,
    )
    assert cell(page, "loyal_lapsed").inner_text().startswith("3")
    assert cell(page, "loyal_active").inner_text().startswith("1")
    assert cell(page, "first_active").inner_text().startswith("5")
    page.locator(".o_board_trend canvas").wait_for()
    web.picture(page, "story_2_board")

    # 3. 優良離脱客: their list.
    page.locator(".o_board_cell[data-tier=loyal_lapsed]").click()
    page.locator(".o_list_view .o_data_row").first.wait_for()
    assert page.locator(".o_list_view .o_data_row").count() == 3
    assert "黒木 健一" in page.locator(".o_list_view").inner_text()
    web.picture(page, "story_3_list")

    # 4. The Excel file, with the ten columns of the printed sample.
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    with open(download.value.path(), "rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    sheet = book["優良離脱客"]
    rows = list(sheet.iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(rows) if row[0] == COLUMNS[0])
    assert list(rows[heading][:10]) == COLUMNS
    people = {row[0]: row for row in rows[heading + 1 :] if row[0]}
    assert set(people) == {"A-0100", "A-0101", "A-0102"}
    assert people["A-0100"][4] == 90_000 and people["A-0100"][7] == 400
    assert people["A-0100"][8] == 500 and people["A-0100"][9] == "優良離脱客"
    formulas = [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert not formulas, "an exported name must not become a formula"

    # 5. Address labels for all of them.
    page.get_by_role("button", name="宛名ラベル").first.click()
    dialog = page.locator(".modal")
    dialog.locator("[name=label_count]").wait_for()
    assert dialog.locator("[name=label_count]").inner_text().strip() == "3"
    web.picture(page, "story_4_labels")
    # The PDF opens in a new tab; Chromium without a screen has no viewer for it, so the file
    # is fetched as that tab would.
    with page.expect_response(lambda response: "action_print" in response.url) as answer:
        dialog.get_by_role("button", name="印刷", exact=True).click()
    pdf = page.context.request.get(server.url + answer.value.json()["result"]["url"])
    assert pdf.headers["content-type"] == "application/pdf"
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf.body())).pages)
    for word in ("黒木", "新見", "園田", "150-0001", "神宮前"):
        assert word in text.replace(" ", ""), word
    # The dialog closes by itself once the file has opened, or is closed.
    with contextlib.suppress(playwright.sync_api.TimeoutError):
        page.locator(".modal .btn-close").first.click(timeout=3000)
    page.locator(".modal").wait_for(state="detached")


def test_a_changed_threshold_and_a_refresh_give_a_new_picture(page, server, odoo_shell):
    odoo_shell(
        server.database,
        "p = env['kokyaku.portfolio']._default_for(env.company)\n"
        "p.write({'configured': True, 'unit': 'person'}); p.refresh(); p.rank(); env.cr.commit()",
    )
    open_board(page, server)
    page.locator(".o_board_cell").first.wait_for()
    assert cell(page, "loyal_lapsed").inner_text().startswith("3")

    page.get_by_role("button", name="ルール設定").click()
    amount = page.locator("[name=loyal_amount] input")
    amount.wait_for()
    amount.fill("95000")
    page.locator(".o_form_button_save").click()
    page.locator(".o_form_button_save").wait_for(state="hidden")  # nothing is left to be saved

    # Thresholds that leave a gap are refused, in Japanese.
    days = page.locator("[name=short_tenure_days] input")
    days.fill("300")
    page.locator(".o_form_button_save").click()
    refused = page.locator(".modal, .o_notification")
    refused.first.wait_for()
    assert "在籍期間" in refused.first.inner_text()
    web.picture(page, "story_5_refused")
    if page.locator(".modal .modal-footer button").count():
        page.locator(".modal .modal-footer button").first.click()
    page.locator(".o_form_button_cancel").click()

    page.goto(f"{server.url}/odoo/action-kokyaku_portfolio.action_board")
    page.locator(".o_board_refresh").click()
    page.locator(".o_board_run").wait_for()
    page.wait_for_function(
        "!document.querySelector('.o_board_run') && "
        "document.querySelector('.o_board_cell[data-tier=steady_lapsed] .o_board_value')"
        "?.textContent.startsWith('3')",
        timeout=120_000,
    )
    assert cell(page, "loyal_lapsed").inner_text().startswith("0")
    web.picture(page, "story_6_new_picture")


def test_the_board_reads_on_a_phone_and_in_english(new_page, server, odoo_shell):
    odoo_shell(
        server.database,
        "env['res.lang']._activate_lang('en_US')\n"
        "p = env['kokyaku.portfolio']._default_for(env.company)\n"
        "p.write({'configured': True}); p.refresh(); env.cr.commit()",
    )
    page = new_page(viewport=web.PHONE)
    open_board(page, server)
    page.locator(".o_board_cell").first.wait_for()
    width = page.evaluate("document.querySelector('.o_kokyaku_board').scrollWidth")
    assert width <= web.PHONE["width"], "the board must not scroll sideways"
    web.picture(page, "story_7_phone", full_page=True)
