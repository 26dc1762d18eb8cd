import io

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestImportSamples(HttpCase):
    """A newcomer tries the import with the sample files of the first page."""

    def setUp(self):
        super().setUp()
        self.clerk = new_test_user(self.env, "sample_clerk", "kokyaku_crm.group_user")
        self.analyst = new_test_user(self.env, "sample_analyst", "kokyaku_crm.group_analyst")

    def _import(self, kind):
        self.authenticate("sample_clerk", "sample_clerk")
        answer = self.url_open(f"/kokyaku/import/sample/{kind}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        answer.content.decode("cp932")
        imports = self.env["kokyaku.import"].with_user(self.clerk)
        import_ = imports._receive(io.BytesIO(answer.content), f"{kind}.csv")
        file = import_.look()
        self.assertEqual((file["problem"], file["mapping"]["kind"]), (False, kind))
        self.assertEqual(file["layout"]["encoding"], "cp932")
        self.env["kokyaku.run"].search([("state", "=", "queued")]).write({"state": "cancelled"})
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "見本"})
        self.env["kokyaku.run"]._work()
        return import_.sudo()

    def test_customers_show_what_is_new_doubtful_and_refused(self):
        import_ = self._import("customers")
        self.assertEqual(import_.state, "staged", import_.problem)
        lines = self.env["kokyaku.import.person"].search([("import_id", "=", import_.id)])
        self.assertEqual(len(lines.filtered(lambda line: line.verdict == "new")), 4)
        codes = set(import_.reject_ids.mapped("code"))
        self.assertLessEqual({"missing", "no_such_day", "unsure_name", "leading_zero"}, codes)

    def test_sales_show_two_rows_to_mend_and_a_return(self):
        import_ = self._import("sales")
        self.assertEqual((import_.state, import_.new_count), ("done", 6), import_.problem)
        refused = import_.reject_ids.filtered(lambda one: not one.is_warning)
        self.assertEqual(refused.mapped("code"), ["no_such_day", "not_a_number"])
        lines = self.env["kokyaku.sales.record"].search([("import_id", "=", import_.id)])
        self.assertEqual(sum(lines.mapped("amount")), 3240 + 1980 + 1080 - 1980 + 864 + 10800)

    def test_who_may_not_import_gets_no_sample(self):
        self.authenticate("sample_analyst", "sample_analyst")
        with mute_logger("odoo.http"):
            answer = self.url_open("/kokyaku/import/sample/sales")
        self.assertEqual(answer.status_code, 403)
