from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestBulkEditTour(BrowserCase):
    def test_people_are_archived_and_taken_back_with_the_mouse(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        self.env.ref("base.user_admin").lang = "en_US"
        people = self.env["res.partner"].create([{"name": "一括 花子"}, {"name": "一括 太郎"}])
        edit = self.env["kokyaku.bulk.edit"].create(
            {
                "domain": repr([("id", "in", people.ids)]),
                "is_selection": True,
                "user_id": self.env.ref("base.user_admin").id,
            }
        )
        self.start_tour(f"/odoo/kokyaku-bulk-edit/{edit.id}", "kokyaku_bulk_edit", login="admin")
        self.assertEqual((edit.state, edit.changed_count, edit.undone_count), ("undone", 2, 2))
        log = self.env["kokyaku.bulk.edit.change"].search([("edit_id", "=", edit.id)])
        self.assertEqual(log.mapped("partner_id"), people)
        self.assertEqual(people.mapped("active"), [True, True])
