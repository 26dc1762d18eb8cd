import io
import re
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ..reports import disclosure
from ..reports.daily_report import draw
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestDailyReport(KokyakuCase):
    """The day of an employee is on one page, handed in, read, and stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.tz = "Asia/Tokyo"
        cls.reports = cls.env["kokyaku.daily.report"]

    def _report(self, user=None):
        return self._as(user or self.clerk)["kokyaku.daily.report"].create(
            {"date": date(2026, 5, 11), "comment": "よい一日"}
        )

    def _contact(self, when, user):
        return self.env["kokyaku.contact.history"].create(
            {
                "partner_id": self.kuroki.id,
                "method_id": self.env.ref("kokyaku_crm.contact_method_visit").id,
                "subject": "訪問",
                "date": when,
                "user_id": user.id,
            }
        )

    def test_the_day_is_the_day_in_japan(self):
        early = self._contact("2026-05-10 23:00:00", self.clerk)  # 8 in the morning
        late = self._contact("2026-05-11 14:59:00", self.clerk)
        self._contact("2026-05-11 15:00:00", self.clerk)  # midnight: the next day
        self._contact("2026-05-11 03:00:00", self.manager)
        self.assertEqual(self._report().contact_ids.ids, [early.id, late.id])

    def test_orders_of_the_day_are_shown(self):
        order = self._order(self.kuroki, when="2026-05-11 03:00:00", user_id=self.seller.id)
        self.assertEqual(self._report(self.seller).order_ids.ids, order.ids)

    def test_submitted_means_fixed_until_it_is_sent_back(self):
        report = self._report()
        with self.assertRaisesRegex(UserError, "Only a manager"):
            report.supervisor_comment = "自分で"
        with self.assertRaisesRegex(UserError, "Only a manager"):
            report.copy({"date": date(2026, 5, 13), "state": "confirmed"})
        report.action_submit()
        self.assertEqual(report.state, "submitted")
        self.assertTrue(report.sudo().attachment_id.raw.startswith(b"%PDF"))
        self.assertEqual(report._pdf(), report.sudo().attachment_id.raw)
        for refused in (lambda: report.write({"comment": "変更"}), report.unlink):
            with self.assertRaisesRegex(UserError, "submitted"):
                refused()
        boss = report.with_env(self._as(self.manager))
        boss.supervisor_comment = "お疲れさま"
        boss.action_confirm()
        self.assertEqual((boss.state, boss.confirmed_by_id), ("confirmed", self.manager))
        boss.action_send_back()
        report.comment = "変更"

    def test_an_employee_writes_nothing_that_was_handed_in(self):
        report = self._report()
        other = self.env["ir.attachment"].create({"name": "別の人の日報", "raw": b"%PDF secret"})
        for values in (
            {"attachment_id": other.id},
            {"submitted_on": "2026-05-11 09:00:00"},
            {"state": "submitted"},
        ):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                report.write(values)

    def test_the_page_brings_its_own_font(self):
        """A font that the viewer has to bring leaves the page blank where it has none."""
        held = [("氏名", [("姓", "山田")])]
        for page in (
            draw("営業日報", [("対応", ["訪問"])]),
            disclosure.draw("開示", ["株式会社"], "山田 太郎 様", "記録", held),
        ):
            self.assertIn(b"/FontFile2", page)
            self.assertNotIn(b"HeiseiKakuGo", page)

    def test_a_long_day_is_set_smaller_and_a_very_long_one_goes_on_to_more_pages(self):
        for count, pages in ((1, 1), (30, 1), (300, 11)):
            reader = PdfReader(
                io.BytesIO(draw("営業日報", [("対応 <A&B>", ["訪問\n長い話"] * count)]))
            )
            self.assertEqual(len(reader.pages), pages)
            content = reader.pages[0].get_contents().get_data()
            sizes = [float(size) for size in re.findall(rb"([0-9.]+) Tf", content)]
            self.assertGreaterEqual(min(sizes), 7)

    def test_on_screen_stands_what_was_submitted(self):
        contact = self._contact("2026-05-11 03:00:00", self.clerk)
        contact.body = "一行目\n<b>二行目"
        report = self._report()
        report.action_submit()
        contact.subject = "あとから"
        self._contact("2026-05-11 04:00:00", self.clerk).subject = "遅れて記録"
        page = report.submitted_page
        for word in ("訪問", "一行目<br>&lt;b&gt;二行目", "よい一日"):
            self.assertIn(word, page)
        self.assertNotIn("あとから", page)
        self.assertNotIn("遅れて記録", page)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            report.submitted_page = "<p>別の一日</p>"
        report.with_env(self._as(self.manager)).action_send_back()
        self.assertFalse(report.submitted_page)
        self.env.invalidate_all()
        report.action_submit()
        self.assertIn("遅れて記録", report.submitted_page)

    def test_colleagues_do_not_read_each_other_but_managers_do(self):
        report = self._report()
        with self.assertRaises(AccessError):
            report.with_env(self._as(self.seller)).read(["comment"])
        self.assertTrue(report.with_env(self._as(self.manager)).read(["comment"]))

    def test_the_next_day_opens_once(self):
        report = self._report()
        action = report.action_next()
        self.assertEqual(action["res_id"], report.action_next()["res_id"])
        following = self.reports.browse(action["res_id"])
        self.assertEqual(following.date, date(2026, 5, 12))
        self.assertEqual(
            following.with_env(self._as(self.clerk)).action_previous()["res_id"], report.id
        )
