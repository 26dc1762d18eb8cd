from unittest.mock import patch

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestImportTour(HttpCase):
    def test_a_file_is_dropped_mapped_imported_and_taken_back_with_the_mouse(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        self.env.ref("base.user_admin").lang = "en_US"
        runs = type(self.env["kokyaku.run"])
        enqueue = runs._enqueue

        def at_once(run, *words, **more):
            """No cron runs in a test: the work is done as soon as it is asked for."""
            queued = enqueue(run, *words, **more)
            run.env.cr.postcommit.clear()
            run.env["kokyaku.run"].sudo()._work()
            return queued

        self.env["kokyaku.run"].search([("state", "=", "queued")]).write({"state": "cancelled"})
        with patch.object(runs, "_enqueue", at_once):
            self.start_tour("/odoo/kokyaku-data-in", "kokyaku_data_in", login="admin")
        first, second = self.env["kokyaku.import"].search(
            [("source", "=", "巡回レジ")], order="id"
        )
        self.assertEqual((first.state, first.new_count, first.rejected_count), ("undone", 2, 1))
        self.assertEqual((second.state, second.same_count), ("done", 2))
        self.assertEqual(second.profile_id, first.profile_id)
        self.assertEqual(first.sudo().attachment_id.res_id, first.id)
