from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from .import_people_common import ImportPeopleCase

WORK = "odoo.addons.kokyaku_crm.models.kokyaku_run_work"
HANAKO = {"name": "佐藤 花子", "email": "hanako@example.jp", "phone": "090-1111-2222"}


@tagged("post_install", "-at_install")
class TestImportPeopleMeanwhile(ImportPeopleCase):
    """Between comparing a file and writing it others work on: nobody is entered twice, and
    nobody is changed who is not ours any more."""

    def setUp(self):
        super().setUp()
        self.runs = self.env["kokyaku.run"]
        self.runs.search([("state", "in", ("queued", "running"))]).write({"state": "cancelled"})
        self.people = self.env["res.partner"]
        self.other_company = self.env["res.company"].create({"name": "別会社"})

    def _write(self, *imports):
        for import_ in imports:
            import_.action_apply_people()
        self.runs._work()
        self.env.invalidate_all()

    def _count(self, name):
        return self.people.search_count([("name", "=", name)])

    # ---- Two at a time ----------------------------------------------------------------------

    def test_two_files_of_the_same_people_enter_them_once(self):
        rows = ({**HANAKO, "company_name": "株式会社青空"}, {"name": "林 一郎", "ref": "H-1"})
        one = self._import(*rows)
        other = self._import(*rows, name="名簿2.csv", user=self.manager)
        self.assertEqual(self._verdicts(other), ["new", "new"])
        self._write(one, other)
        self.assertEqual((one.state, other.state), ("done", "done"))
        self.assertEqual(self._verdicts(other), ["same", "same"])
        for name in ("佐藤 花子", "林 一郎", "株式会社青空"):
            self.assertEqual(self._count(name), 1, name)

    def test_two_files_of_the_same_company_enter_it_once(self):
        one = self._import({"name": "佐藤 花子", "company_name": "株式会社青空"})
        other = self._import({"name": "林 一郎", "company_name": "株式会社青空"})
        self._write(one, other)
        self.assertEqual(self._count("株式会社青空"), 1)
        company = self.people.search([("name", "=", "株式会社青空")])
        self.assertEqual(len(company.child_ids), 2)

    def test_somebody_enters_a_customer_by_hand_meanwhile(self):
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        by_hand = self._as(self.clerk)["res.partner"].create(HANAKO)
        self._write(import_)
        self.assertEqual(self._count("佐藤 花子"), 1)
        self.assertEqual(by_hand.fax, "03-1111-2222")

    def test_who_has_nothing_to_do_with_the_file_has_no_say(self):
        import_ = self._import(HANAKO)
        self.people.create({"name": "林 一郎", "phone": "090-3333-4444"})
        self.assertFalse(self.lines._is_outdated(import_))

    def test_what_was_decided_holds_when_the_file_is_compared_anew(self):
        import_ = self._import(
            {**HANAKO, "ref": "K1"}, {**HANAKO, "ref": "K2"}, {"name": "林 一郎", "ref": "H-1"}
        )
        line = self._lines(import_)[1].with_user(self.clerk)
        line.action_decide_twin()
        self.people.create({"name": "林 一郎", "ref": "H-1"})
        self._write(import_)
        self.assertEqual(self._verdicts(import_), ["new", "twin", "same"])
        self.assertEqual(self._count("佐藤 花子"), 1)

    def test_a_file_is_not_taken_back_while_it_is_being_written(self):
        import_ = self._import(HANAKO)
        import_.sudo().state = "staged"
        import_.action_apply_people()
        with self.assertRaisesRegex(UserError, "being worked on"):
            import_.action_undo()
        self.runs._work()
        import_.action_undo()
        self.assertEqual(import_.state, "undone")

    def test_a_run_that_meets_somebody_at_the_import_comes_again(self):
        import_ = self._import(HANAKO)
        import_.action_apply_people()
        run = import_.run_id.sudo()
        taken = patch.object(type(import_), "lock_for_update", side_effect=LockError("taken"))
        with taken, self.assertLogs(WORK, "WARNING"):
            self.assertFalse(run._execute())
        self.assertEqual(run.state, "queued")
        self.runs._work()
        self.assertEqual((run.state, self._count("佐藤 花子")), ("done", 1))

    def test_what_was_taken_back_is_not_done_because_of_a_run_that_was_late(self):
        import_ = self._import(HANAKO)
        import_.action_apply_people()
        import_.sudo().state = "undone"
        self.runs._work()
        self.assertEqual(import_.state, "undone")
        self.assertEqual(import_.run_id.state, "failed")
        self.assertIn("no customers", import_.run_id.result_message)
        self.assertFalse(self._count("佐藤 花子"))

    # ---- Who is gone ------------------------------------------------------------------------

    def _known(self, **values):
        return self.people.create({**HANAKO, **values})

    def _assert_to_be_decided(self, import_):
        before = self.people.with_context(active_test=False).search_count([])
        self._write(import_)
        line = self._lines(import_)
        self.assertEqual((line.verdict, line.why, line.applied), ("doubtful", "gone", False))
        self.assertIn("not there any more", line.with_context(lang="en_US").reason_text)
        everybody = self.people.with_context(active_test=False).search_count([])
        self.assertEqual(everybody, before, "nobody was entered")

    def test_a_customer_is_deleted_meanwhile(self):
        known = self._known()
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        known.unlink()
        self._assert_to_be_decided(import_)

    def test_a_customer_is_archived_meanwhile(self):
        known = self._known()
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        known.active = False
        self._assert_to_be_decided(import_)
        self.assertFalse(known.fax)

    def test_a_customer_goes_to_another_company_meanwhile(self):
        known = self._known()
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        known.company_id = self.other_company
        self._assert_to_be_decided(import_)
        self.assertFalse(known.sudo().fax)

    def test_a_customer_is_merged_meanwhile(self):
        known = self._known()
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        survivor = self.people.create({"name": "佐藤 花子", "kana": "サトウ ハナコ"})
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((known | survivor).ids, survivor, extra_checks=False)
        self._write(import_)
        self.assertEqual(survivor.fax, "03-1111-2222")
        self.assertEqual(self._count("佐藤 花子"), 1)

    def test_a_company_is_archived_meanwhile(self):
        import_ = self._import({**HANAKO, "company_name": "株式会社ウィング"})
        (self.kuroki | self.suzuki | self.wing).active = False
        self._write(import_)
        self.assertTrue(self._lines(import_).partner_id.parent_id.active)

    # ---- Whose customers ----------------------------------------------------------------------

    def test_nobody_of_another_company_can_be_chosen(self):
        theirs = self.people.create(
            {"name": "秘密 花子", "fax": "03-9999-9999", "company_id": self.other_company.id}
        )
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"})
        line = self._lines(import_).with_user(self.clerk)
        with self.assertRaises(AccessError):
            line.partner_id = theirs
        both = self.env.user.company_ids | self.other_company
        self.clerk.company_ids = both
        line = line.with_context(allowed_company_ids=both.ids)
        with self.assertRaisesRegex(UserError, "Row 2 .*別会社"):
            line.partner_id = theirs
        self.assertFalse(line.changes)

    def test_somebody_who_is_gone_cannot_be_chosen(self):
        gone = self._known()
        import_ = self._import({"name": "林 一郎"})
        gone.unlink()
        with self.assertRaisesRegex(UserError, "deleted or merged"):
            self._lines(import_).with_user(self.clerk).partner_id = gone

    def test_our_staff_are_those_of_the_company(self):
        staff = self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "別所 員子",
                "login": "kc_elsewhere",
                "company_id": self.other_company.id,
                "company_ids": [(6, 0, self.other_company.ids)],
            }
        )
        import_ = self._import({**HANAKO, "staff": staff.name})
        self._apply(import_)
        self.assertFalse(self._lines(import_).partner_id.user_id)
        self.assertIn((2, "staff", staff.name, "unknown_staff"), self._doubts(import_))

    def test_only_the_program_says_how_far_a_file_is(self):
        import_ = self._import(HANAKO)
        for name in ("is_matched", "is_compared"):
            with self.assertRaisesRegex(AccessError, "by the program"):
                import_.write({name: True})
        with self.assertRaisesRegex(AccessError, "by the program"):
            import_.write({"known_up_to": 0})

    # ---- Taking back --------------------------------------------------------------------------

    def test_taking_back_leaves_who_went_to_another_company(self):
        known, second = self._known(), self._known(name="林 一郎", email=False, phone="06-1-2")
        import_ = self._import({**HANAKO, "fax": "03-1111-2222"},
                               {"name": "林 一郎", "phone": "06-1-2"})  # fmt: skip
        lines = self._lines(import_).with_user(self.clerk)
        lines[1].partner_id = second
        self._apply(import_)
        self.assertEqual(known.fax, "03-1111-2222")
        known.company_id = self.other_company
        import_._undo_people()
        self.env.invalidate_all()
        self.assertEqual(known.sudo().fax, "03-1111-2222")
        self.assertIn((2, "", "佐藤 花子", "undo_kept"), self._doubts(import_))

    def test_who_another_file_has_brought_too_stays(self):
        one = self._import(HANAKO)
        self._apply(one)
        other = self._import(HANAKO, name="名簿2.csv")
        self._apply(other)
        person = self._lines(one).partner_id
        one._undo_people()
        self.assertTrue(person.exists())
        other._undo_people()
        self.assertTrue(person.exists(), "the second file has entered nobody")
