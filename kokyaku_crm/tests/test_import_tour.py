import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestImportTour(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tours read the screen in English.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env.ref("base.user_admin").lang = "en_US"

    @contextmanager
    def _at_once(self):
        """No cron runs in a test: the work is done as soon as it is asked for."""
        runs = type(self.env["kokyaku.run"])
        enqueue = runs._enqueue

        def at_once(run, *words, **more):
            queued = enqueue(run, *words, **more)
            run.env.cr.postcommit.clear()
            run.env["kokyaku.run"].sudo()._work()
            return queued

        self.env["kokyaku.run"].search([("state", "=", "queued")]).write({"state": "cancelled"})
        with patch.object(runs, "_enqueue", at_once):
            yield

    def test_a_file_is_dropped_mapped_imported_and_taken_back_with_the_mouse(self):
        with self._at_once():
            self.start_tour("/odoo/kokyaku-data-in", "kokyaku_data_in", login="admin")
        first, second = self.env["kokyaku.import"].search(
            [("source", "=", "巡回レジ")], order="id"
        )
        self.assertEqual((first.state, first.new_count, first.rejected_count), ("undone", 2, 1))
        self.assertEqual((second.state, second.same_count), ("done", 2))
        self.assertEqual(second.profile_id, first.profile_id)
        self.assertEqual(first.sudo().attachment_id.res_id, first.id)

    def test_doubtful_people_are_decided_with_the_keys_alone(self):
        text = "顧客コード,氏名,電話番号\nZ-1,巡回 花子,03-1111-0001\nZ-1,巡回 太郎,03-1111-0002\n"
        imports = self.env["kokyaku.import"].with_user(self.env.ref("base.user_admin"))
        import_ = imports._receive(io.BytesIO(text.encode("cp932")), "巡回.csv")
        file = import_.look()
        with self._at_once():
            import_.begin({**file, "source": "巡回"})
        self.assertEqual(import_.doubtful_count, 2)
        with self.assertLogs("odoo.http", "WARNING") as refused:
            self.start_tour(
                f"/odoo/kokyaku-imports/{import_.id}", "kokyaku_import_people", login="admin"
            )
        self.assertEqual(
            [entry.getMessage() for entry in refused.records],
            [
                "Row 3 is like no earlier row of the file. Please choose a customer, or enter the "
                "row as new."
            ],
        )
        lines = self.env["kokyaku.import.person"].search([("import_id", "=", import_.id)])
        self.assertEqual(lines.sorted("row").mapped("decision"), ["new", "skip"])

    def test_whoever_types_faster_than_the_server_decides_row_after_row(self):
        rows = [f"Z-{1 + row // 2},巡回 {row},03-1111-000{row}\n" for row in range(4)]
        text = "顧客コード,氏名,電話番号\n" + "".join(rows)
        imports = self.env["kokyaku.import"].with_user(self.env.ref("base.user_admin"))
        import_ = imports._receive(io.BytesIO(text.encode("cp932")), "巡回.csv")
        file = import_.look()
        with self._at_once():
            import_.begin({**file, "source": "巡回"})
        self.assertEqual(import_.doubtful_count, 4)
        self.env.ref("kokyaku_crm.view_import_person_list").arch = self.env.ref(
            "kokyaku_crm.view_import_person_list"
        ).arch.replace('editable="bottom"', 'editable="bottom" limit="2"')
        self.start_tour(
            f"/odoo/kokyaku-imports/{import_.id}",
            "kokyaku_import_people_typed_ahead",
            login="admin",
        )
        lines = self.env["kokyaku.import.person"].search([("import_id", "=", import_.id)])
        self.assertEqual(
            lines.sorted("row").mapped("decision"), ["new", "skip", "new", "skip"]
        )

    def test_without_a_camera_a_picture_of_the_card_is_chosen(self):
        self.start_tour("/odoo/kokyaku-data-in", "kokyaku_card_camera", login="admin")

    def test_the_row_of_the_headings_is_corrected_upwards_and_downwards(self):
        with self._at_once():
            self.start_tour("/odoo/kokyaku-data-in", "kokyaku_data_in_headings", login="admin")
        lines = self.env["kokyaku.sales.record"].search([("source", "=", "表題レジ")], order="id")
        self.assertEqual(
            [(str(one.date), one.product_name, one.amount) for one in lines],
            [("2026-05-01", "緑茶", 1000), ("2026-05-02", "湯呑み", 3000)],
        )
        self.assertFalse(lines.import_id.rejected_count)

    def test_columns_of_fixed_width_are_ruled_by_hand_and_known_next_month(self):
        with self._at_once():
            self.start_tour("/odoo/kokyaku-data-in", "kokyaku_data_in_widths", login="admin")
        lines = self.env["kokyaku.sales.record"].search([("source", "=", "幅レジ")], order="id")
        self.assertEqual(
            [(one.customer_code, str(one.date), one.amount) for one in lines],
            [
                (f"W00{number}", f"2026-0{month}-0{number}", amount)
                for month in (5, 6)
                for number, amount in ((1, 2000), (2, 3000), (3, 500))
            ],
        )
        [profile] = lines.import_id.profile_id
        self.assertEqual(profile.layout["widths"], [4, 8, 7])
        self.assertEqual(profile.layout["names"], ["顧客コード", "売上日", "金額"])

    def test_what_was_said_of_a_file_stays_said_however_slow_the_server_is(self):
        self.run_unit_tests("@kokyaku_crm/import_model")

    def test_a_profile_is_chosen_by_hand_where_none_was_recognised(self):
        self.start_tour("/odoo/kokyaku-data-in", "kokyaku_data_in_pattern", login="admin")
