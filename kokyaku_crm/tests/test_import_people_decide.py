from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_people_common import ImportPeopleCase


@tagged("post_install", "-at_install")
class TestImportPeopleDecide(ImportPeopleCase):
    """What is doubtful waits until somebody says who it is."""

    def _doubtful(self, **more):
        """A row that may be either of two people called so."""
        self.first, self.second = self.env["res.partner"].create(
            [
                {"name": "佐藤 花子", "email": "hanako@example.jp"},
                {"name": "佐藤 花子", "email": "hanako@example.jp", "kana": "サトウ ハナコ"},
            ]
        )
        import_ = self._import(
            {"name": "佐藤 花子", "email": "hanako@example.jp", "fax": "03-1111-2222", **more}
        )
        line = self._lines(import_).with_user(self.clerk)
        self.assertEqual(line.verdict, "doubtful")
        return import_, line

    def test_nothing_doubtful_is_written_by_itself(self):
        import_, line = self._doubtful()
        self.assertEqual(self._apply(import_)["doubtful"], 1)
        self.assertFalse(line.applied)
        self.assertFalse((self.first | self.second).filtered("fax"))

    def test_the_candidates_stand_with_reasons_in_the_list(self):
        _import, line = self._doubtful()
        texts = line.candidates_text.split("\n")
        self.assertEqual(len(texts), 2)
        self.assertTrue(texts[0].startswith("1. 佐藤 花子"))
        self.assertIn("Email, Full Name agree", texts[0])
        # What agrees stands beside each of them.
        self.assertEqual("Several people fit.", line.reason_text)

    def test_a_candidate_is_taken_by_its_number_and_the_changes_are_shown(self):
        import_, line = self._doubtful()
        chosen = line.candidate_ids.sorted(lambda one: (-one.points, one.id))[1].partner_id
        line.action_decide_partner(2)
        self.assertEqual(line.partner_id, chosen)
        self.assertIn("03-1111-2222", line.changes_text)
        self._apply(import_)
        self.assertEqual(chosen.fax, "03-1111-2222")
        self.assertTrue(line.applied)

    def test_a_candidate_of_another_company_by_now_is_not_shown(self):
        import_, line = self._doubtful()
        self.first.company_id = self.env["res.company"].create({"name": "別会社"})
        self.env.invalidate_all()
        self.assertTrue(line.candidates_text.startswith("1. 佐藤 花子"))
        self.assertNotIn("2.", line.candidates_text)
        with self.assertRaisesRegex(UserError, "no candidate 2"):
            line.action_decide_partner(2)
        line.action_decide_partner(1)
        self.assertEqual(line.partner_id, self.second)
        self._apply(import_)
        self.assertEqual(self.second.fax, "03-1111-2222")

    def test_a_candidate_who_was_merged_is_shown_once(self):
        _import, line = self._doubtful()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.first | self.second).ids, self.second, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(len(line.candidates_text.split("\n")), 1)

    def test_who_was_archived_does_not_come_back_as_somebody_new(self):
        known = self.env["res.partner"].create(
            {"name": "佐藤 花子", "email": "hanako@example.jp", "active": False}
        )
        import_ = self._import(
            {"name": "佐藤 花子", "email": "hanako@example.jp", "fax": "03-1111-2222"}
        )
        line = self._lines(import_).with_user(self.clerk)
        self.assertEqual((line.verdict, line.why), ("doubtful", "archived"))
        self.assertIn("archived with us", line.reason_text)
        self.assertIn("Archived", line.candidates_text)
        self._apply(import_)
        everybody = self.env["res.partner"].with_context(active_test=False)
        self.assertEqual(everybody.search_count([("name", "=", "佐藤 花子")]), 1)
        line.action_decide_partner()
        self._apply(import_)
        self.assertEqual((known.fax, known.active), ("03-1111-2222", False))

    def test_an_archived_duplicate_makes_nobody_doubtful(self):
        person = {"name": "佐藤 花子", "email": "hanako@example.jp", "phone": "090-1111-2222"}
        known = self.env["res.partner"].create(person)
        self.env["res.partner"].create({**person, "ref": "K1", "active": False})
        import_ = self._import({**person, "fax": "03-1111-2222"})
        line = self._lines(import_)
        self.assertEqual((line.verdict, line.partner_id), ("update", known))
        self.assertEqual(line.candidate_ids.partner_id, known)

    def test_somebody_else_is_chosen_by_hand(self):
        import_, line = self._doubtful()
        line.partner_id = self.haruyama
        self.assertEqual(line.decision, "partner")
        self._apply(import_)
        self.assertEqual(self.haruyama.fax, "03-1111-2222")

    def test_a_new_person_is_entered_after_all(self):
        import_, line = self._doubtful()
        line.action_decide_new()
        self._apply(import_)
        self.assertNotIn(line.partner_id, self.first | self.second)
        self.assertEqual(line.partner_id.fax, "03-1111-2222")

    def test_what_is_left_out_is_never_written(self):
        import_, line = self._doubtful()
        line.action_decide_skip()
        self._apply(import_)
        self.assertFalse(line.applied)
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "佐藤 花子")]), 2)

    def test_a_decision_is_opened_again_until_it_is_written(self):
        import_, line = self._doubtful()
        line.action_decide_new()
        line.action_reopen()
        self.assertFalse(line.decision)
        line.action_decide_partner()
        self._apply(import_)
        with self.assertRaisesRegex(UserError, "written already"):
            line.action_reopen()

    def test_a_decision_outlives_comparing_again(self):
        import_, line = self._doubtful()
        line.action_decide_skip()
        import_.env["kokyaku.import.person"]._match(import_)
        self.assertEqual((line.verdict, line.decision), ("doubtful", "skip"))

    def test_a_second_code_of_one_person_is_kept_as_a_note(self):
        import_ = self._import(
            {"ref": "K1", "name": "佐藤 花子", "phone": "090-1111-2222"},
            {"ref": "K2", "name": "佐藤 花子", "phone": "090-1111-2222"},
        )
        first, second = self._lines(import_).with_user(self.clerk)
        self.assertEqual((first.verdict, second.why), ("new", "two_codes"))
        second.action_decide_twin()
        self._apply(import_)
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.partner_id.ref, "K1")
        self.assertIn("K2", first.partner_id.comment)

    def test_only_the_decision_can_be_written_and_only_by_users(self):
        _import, line = self._doubtful()
        with self.assertRaisesRegex(AccessError, "decided"):
            line.write({"name": "別人"})
        with self.assertRaises(AccessError):
            line.with_user(self.analyst).action_decide_new()

    def test_what_nobody_has_decided_comes_back_in_the_file_of_rejected_rows(self):
        import_, line = self._doubtful()
        self._apply(import_)
        self.assertEqual((import_.rejected_count, import_.doubtful_count), (0, 1))
        self.assertTrue(import_.action_rejects_file())
        [row] = import_._read_rejects()
        self.assertEqual(row["row"], line.row)
        self.assertIn("not been decided", row["words"])
        self.assertIn("Several people fit.", row["words"])
        line.action_decide_skip()
        import_.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "was stored"):
            import_.action_rejects_file()
