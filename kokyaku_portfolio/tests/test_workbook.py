import io
import json
import os
import tempfile
import zipfile
from datetime import datetime
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

from ..models import portfolio_workbook, run_workbook, workbook_sheet
from .common import PortfolioCase

SAMPLE = [
    # Of the printed list of the seed: code, name, e-mail, phone, first and last day, amount.
    ("A-0104", "山田 太郎", "yamada@xxx.co.jp", "03-1234-2222", "2003-03-30", "2003-10-28",
     105_607),
    ("A-0107", "加藤 みどり", "kato@xxx.co.jp", "093-234-2222", "2003-06-30", "2005-02-28",
     89_550),
    ("A-0111", "立石 佐緒里", "tate@xxx.co.jp", "082-134-2222", "2002-04-06", "2006-05-08",
     286_730),
]
HEADINGS = (
    "Customer code", "Full name", "E-mail address", "Phone number", "Sales total",
    "First purchase day", "Last purchase day", "Period", "Loss period", "Customer class",
)


class WorkbookCase(PortfolioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, name, email, phone, first, last, amount in SAMPLE:
            person = cls.customer(name, ref=code, email=email, phone=phone)
            cls.order(person, first, 1_000)
            cls.order(person, last, amount - 1_000)
        cls.portfolio.base_date = "2007-02-28"
        cls.portfolio.refresh()
        cls.portfolio.rank()
        cls.analyst = new_test_user(
            cls.env, "book_bunseki", "kokyaku_crm.group_analyst", lang="en_US",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.ours = cls.portfolio.with_user(cls.analyst)

    def workbook(self, domain=None, portfolio=None):
        file = io.BytesIO()
        (portfolio or self.ours)._workbook(file, domain)
        file.seek(0)
        return load_workbook(file)

    def rows(self, sheet):
        return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


@tagged("post_install", "-at_install")
class TestWorkbook(WorkbookCase):
    """The ten columns of the printed sample, one sheet per tier and a summary."""

    def test_a_summary_and_one_sheet_per_tier(self):
        book = self.workbook()
        tiers = self.env["kokyaku.tier"].search([])
        self.assertEqual(book.sheetnames, ["Summary", *tiers.mapped("name")])
        self.assertEqual(self.rows(book["Loyal active"]), [HEADINGS])

    def test_the_printed_sample_comes_out_as_printed(self):
        rows = self.rows(self.workbook()["Loyal lapsed"])
        self.assertEqual(rows[0], HEADINGS)
        self.assertEqual(
            [(row[0], row[7], row[8]) for row in rows[1:]],  # largest amount first
            [("A-0111", 1493, 296), ("A-0104", 212, 1219), ("A-0107", 609, 730)],
        )
        self.assertEqual(
            rows[2],
            ("A-0104", "山田 太郎", "yamada@xxx.co.jp", "03-1234-2222", 105_607,
             datetime(2003, 3, 30), datetime(2003, 10, 28), 212, 1219, "Loyal lapsed"),
        )

    def test_dates_and_numbers_are_real_ones(self):
        row = self.workbook()["Loyal lapsed"][2]
        self.assertEqual([cell.data_type for cell in row], list("ssssnddnns"))
        self.assertEqual(row[4].number_format, "#,##0")

    def test_the_summary_agrees_with_the_sheets(self):
        rows = self.rows(self.workbook()["Summary"])
        by_label = {row[0]: row[1:] for row in rows}
        self.assertEqual(by_label["Base date"][0], datetime(2007, 2, 28))
        self.assertEqual(by_label["Loyal lapsed"][:3], (3, 1, 481_887))
        self.assertEqual(by_label["Loyal active"][:3], (0, 0, 0))
        self.assertEqual(by_label["Total"][0], 3)
        self.assertEqual(by_label["Customers on this file"][0], "All")
        self.assertEqual(by_label["Prospects (outside the ten)"][0], self.portfolio.prospect_count)

    def test_it_can_be_worked_with_and_printed(self):
        sheet = self.workbook()["Loyal lapsed"]
        self.assertEqual(sheet.freeze_panes, "C2")
        self.assertEqual(sheet.auto_filter.ref, "A1:J4")
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertEqual(sheet.print_title_rows, "$1:$1")
        self.assertGreater(sheet.column_dimensions["C"].width, 20)

    def test_an_office_in_japan_gets_japanese_headings(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        book = self.workbook(portfolio=self.ours.with_context(lang="ja_JP"))
        self.assertEqual(book.sheetnames[0], "集計")
        sheet = next(book[name] for name in book.sheetnames if len(self.rows(book[name])) == 4)
        self.assertEqual(
            self.rows(sheet)[0],
            ("顧客コード", "氏名", "メールアドレス", "電話番号", "売上累計", "初回購入日",
             "最終購入日", "期間", "ロス期間", "顧客階層"),
        )

    def test_nothing_starts_a_formula(self):
        start = ("=1+1", "+81-3-1234", "-2", "@SUM(A1)", "\t=1", "\r=2", "=HYPERLINK(\"http://x\")")
        for text in start:
            person = self.customer(text, ref=text, email=text, phone=text)
            self.order(person, "2007-02-01", 1_000)
        self.portfolio.refresh()
        sheet = self.workbook()["First-time active"]
        self.assertEqual(sheet.max_row, 1 + len(start))
        for row in sheet.iter_rows(min_row=2):
            for cell in row[:4]:
                self.assertNotEqual(cell.data_type, "f")
                if cell.value:
                    self.assertTrue(cell.quotePrefix, cell.value)
        self.assertIn("+81-3-1234", [row[0].value for row in sheet.iter_rows(min_row=2)])

    def test_what_is_missing_stays_empty(self):
        self.order(self.customer("無名"), "2007-02-01", 1_000)
        self.portfolio.refresh()
        row = self.rows(self.workbook()["First-time active"])[1]
        self.assertEqual(row[:4], (None, "無名", None, None))

    def test_the_mobile_number_stands_in_for_the_phone(self):
        self.order(self.customer("携帯", mobile_phone="090-1111-2222"), "2007-02-01", 1_000)
        self.portfolio.refresh()
        self.assertEqual(self.rows(self.workbook()["First-time active"])[1][3], "090-1111-2222")

    def test_one_tier_has_its_sheet_only(self):
        tier = self.env.ref("kokyaku_portfolio.tier_loyal_lapsed")
        self.order(self.customer("新"), "2007-02-01", 1_000)
        self.portfolio.refresh()
        book = self.workbook([("tier_id", "=", tier.id)])
        self.assertEqual(book.sheetnames, ["Summary", "Loyal lapsed"])
        by_label = {row[0]: row[1:] for row in self.rows(book["Summary"])}
        self.assertIn("Chosen ones only", by_label["Customers on this file"][0])
        self.assertNotIn("Prospects (outside the ten)", by_label)

    def test_a_full_sheet_goes_on_on_a_second_one(self):
        with patch.object(workbook_sheet, "MAX_ROWS", 2):
            book = self.workbook()
        self.assertEqual(len(self.rows(book["Loyal lapsed"])), 3)
        second = self.rows(book["Loyal lapsed (2)"])
        self.assertEqual(second[0], HEADINGS)
        self.assertEqual([row[0] for row in second[1:]], ["A-0107"])

    def test_a_tier_may_be_renamed_to_anything(self):
        tiers = self.env["kokyaku.tier"].search([])
        tiers[0].name = "初回/新規: [とても長い名前の顧客層でもファイルは開けなければならない]"
        tiers[1].name = tiers[0].name
        names = self.workbook().sheetnames
        self.assertEqual(len(names), 11)
        self.assertTrue(all(len(name) <= 31 for name in names))

    def test_prospects_are_not_on_it(self):
        person = self.customer("返品")
        self.order(person, "2007-02-01", 5_000)
        self.order(person, "2007-02-02", -5_000)
        self.portfolio.refresh()
        book = self.workbook()
        names = [row[1] for sheet in book.worksheets[1:] for row in self.rows(sheet)[1:]]
        self.assertEqual(len(names), 3)

    def test_another_companys_customers_are_not_on_it(self):
        there = self.env["res.company"].create({"name": "別会社"})
        stranger = new_test_user(
            self.env, "book_stranger", "kokyaku_crm.group_analyst",
            company_id=there.id, company_ids=[(6, 0, there.ids)],
        )
        portfolio = self.portfolio.with_user(stranger).with_context(allowed_company_ids=there.ids)
        with self.assertRaises(AccessError):
            portfolio.action_workbook()

    def test_nothing_is_left_in_the_temporary_folder(self):
        with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
            self.workbook()
            self.assertEqual(os.listdir(folder), [])
            with patch.object(workbook_sheet.TierSheets, "add", side_effect=OSError("full")):
                with self.assertRaises(OSError):
                    self.workbook()
            self.assertEqual(os.listdir(folder), [])


@tagged("post_install", "-at_install")
class TestWorkbookActions(WorkbookCase):
    """What the buttons do: a download at once, or a run in the background."""

    def from_list(self, *ids, domain=None):
        metrics = self.env["kokyaku.customer.metrics"].with_user(self.analyst)
        return metrics.with_context(
            active_ids=list(ids), active_domain=domain or [("portfolio_id", "=", self.portfolio.id)]
        ).action_workbook()

    def test_a_small_list_is_downloaded_at_once(self):
        action = self.from_list()
        self.assertEqual(action["tag"], "kokyaku_portfolio.download_workbook")
        self.assertEqual(len(self.workbook(action["params"]["domain"])["Loyal lapsed"]["A"]), 4)

    def test_ticked_rows_go_alone(self):
        row = self.env["kokyaku.customer.metrics"].search([("amount", "=", 89_550)])
        book = self.workbook(self.from_list(row.id)["params"]["domain"])
        self.assertEqual([r[0] for r in self.rows(book["Loyal lapsed"])[1:]], ["A-0107"])

    def test_more_ticked_than_the_browser_can_name_means_all_that_match(self):
        rows = self.env["kokyaku.customer.metrics"].search([])
        self.env["ir.config_parameter"].sudo().set_param("web.active_ids_limit", "2")
        book = self.workbook(self.from_list(*rows[:2].ids)["params"]["domain"])
        self.assertEqual(len(self.rows(book["Loyal lapsed"])), 4)

    def test_an_empty_list_says_so(self):
        with self.assertRaisesRegex(UserError, "no customer on this list"):
            self.from_list(domain=[("portfolio_id", "=", self.portfolio.id), ("amount", "<", 0)])

    def test_a_portfolio_never_aggregated_says_so(self):
        other = self.portfolio.copy()
        with self.assertRaisesRegex(UserError, "Nothing has been aggregated"):
            other.action_workbook()

    def test_many_customers_leave_by_a_background_run_whose_file_expires(self):
        with patch.object(portfolio_workbook, "DIRECT_ROWS", 2):
            action = self.ours.action_workbook()
            again = self.ours.action_workbook()
            tier = self.ours.action_workbook([("amount", ">", 90_000), ("amount", "<", 9e9)])
        run = self.env["kokyaku.run"].browse(action["params"]["run_id"])
        self.assertEqual(again["params"]["run_id"], run.id, "pressed twice is one run")
        self.assertEqual(tier["tag"], "kokyaku_portfolio.download_workbook", "two customers fit")
        self.assertEqual(run.user_id, self.analyst)
        self.env["kokyaku.run"]._work()
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(run.expires_on)
        book = load_workbook(io.BytesIO(run.attachment_id.raw))
        self.assertEqual(len(self.rows(book["Loyal lapsed"])), 4)

    def test_very_many_customers_come_in_parts_made_one_per_turn(self):
        with patch.object(portfolio_workbook, "DIRECT_ROWS", 1), \
                patch.object(run_workbook, "PART_ROWS", 2):
            action = self.ours.action_workbook()
            run = self.env["kokyaku.run"].browse(action["params"]["run_id"])
            run._execute()
            self.assertEqual(run.state, "queued", "the second part is still to come")
            self.assertEqual(self.ours.action_workbook()["params"]["run_id"], run.id)
            run._execute()
        self.assertEqual(run.state, "done", run.message)
        codes, names = [], []
        with zipfile.ZipFile(io.BytesIO(run.attachment_id.raw)) as archive:
            for name in archive.namelist():
                names.append(name)
                book = load_workbook(io.BytesIO(archive.read(name)))
                self.assertEqual(book.sheetnames, ["Summary", "Loyal lapsed"])
                codes += [row[0] for row in self.rows(book["Loyal lapsed"])[1:]]
        self.assertEqual(codes, ["A-0111", "A-0104", "A-0107"])
        self.assertEqual([name[-7:] for name in names], ["_1.xlsx", "_2.xlsx"])
        left = self.env["ir.attachment"].search(
            [("res_model", "=", "kokyaku.run"), ("res_id", "=", run.id)]
        )
        self.assertEqual(left, run.attachment_id)

    def test_figures_that_change_between_two_parts_begin_the_file_anew(self):
        with patch.object(portfolio_workbook, "DIRECT_ROWS", 1), \
                patch.object(run_workbook, "PART_ROWS", 2):
            action = self.ours.action_workbook()
            run = self.env["kokyaku.run"].browse(action["params"]["run_id"])
            run._execute()
            self.portfolio._state().refreshed_at = "2030-01-01 00:00:00"
            run._execute()
            self.assertEqual((run.state, run.params["start"]), ("queued", 2))
            run._execute()
        self.assertEqual(run.state, "done", run.message)
        with zipfile.ZipFile(io.BytesIO(run.attachment_id.raw)) as archive:
            self.assertEqual(len(archive.namelist()), 2)

    def test_two_lists_at_once_are_two_files(self):
        with patch.object(portfolio_workbook, "DIRECT_ROWS", 1):
            everyone = self.ours.action_workbook()
            some = self.ours.action_workbook([("amount", ">", 90_000)])
        self.assertNotEqual(everyone["params"]["run_id"], some["params"]["run_id"])


@tagged("post_install", "-at_install")
class TestWorkbookDownload(HttpCase, WorkbookCase):
    def download(self, login, domain="[]"):
        self.authenticate(login, login)
        return self.url_open(
            "/kokyaku_portfolio/workbook",
            data={"portfolio_id": self.portfolio.id, "domain": domain,
                  "csrf_token": Request.csrf_token(self)},
        )

    def test_the_file_arrives_under_its_name_and_leaves_nothing(self):
        before = self.env["ir.attachment"].search_count([])
        answer = self.download("book_bunseki")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("20070228.xlsx", answer.headers["Content-Disposition"])
        self.assertTrue(zipfile.is_zipfile(io.BytesIO(answer.content)))
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_who_may_not_look_gets_no_file(self):
        new_test_user(
            self.env, "book_soumu", "base.group_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        answer = self.download("book_soumu")
        self.assertEqual(answer.status_code, 500)
        self.assertIn("AccessError", answer.text)

    def test_too_many_customers_do_not_leave_this_way(self):
        with patch("odoo.addons.kokyaku_portfolio.controllers.workbook.DIRECT_ROWS", 2):
            answer = self.download("book_bunseki", json.dumps([("amount", ">", 0)]))
        self.assertEqual(answer.status_code, 500)
        self.assertIn("UserError", answer.text)


class TestSheetName(BaseCase):
    """Names Excel takes, whatever the tiers are called."""

    class Book:
        def __init__(self, *names):
            self.names = names

        def worksheets(self):
            return [type("Sheet", (), {"get_name": lambda s, n=name: n})() for name in self.names]

    def test_the_name_itself_when_it_can_be(self):
        self.assertEqual(workbook_sheet.sheet_name(self.Book(), "優良現役客", 1), "優良現役客")

    def test_forbidden_characters_and_length(self):
        self.assertEqual(workbook_sheet.sheet_name(self.Book(), "a/b[c]", 1), "a b c")
        self.assertEqual(len(workbook_sheet.sheet_name(self.Book(), "あ" * 40, 2)), 31)
        self.assertEqual(workbook_sheet.sheet_name(self.Book(), "///", 1), "-")

    def test_a_name_in_use_is_numbered(self):
        self.assertEqual(workbook_sheet.sheet_name(self.Book("Loyal"), "loyal", 1), "loyal (2)")
