import pandas as pd

from odoo.tests import tagged

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestCodePassedOn(LinkingCase):
    """A customer code passes from one customer to another: what was bought before stays with the
    former, what is imported from then on goes to the new one, and where that is not sure, a
    human decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suzuki = cls._person("鈴木", "花子")
        cls.wife = cls._person("田中", "梅")

    @classmethod
    def _person(cls, family, given):
        names = {"name": f"{family} {given}", "family_name": family, "given_name": given}
        return cls.env["res.partner"].create(names)

    def _pass_on(self, heir):
        self.env["res.partner"].search([("ref", "=", "K001")]).ref = False
        heir.ref = "K001"

    def _brought(self, *lines, day="2026-05-01", import_=None, **more):
        """Import and link lines of (slip, name of the buyer); return them."""
        import_ = import_ or self._new_import()
        rows = pd.DataFrame(lines, columns=["slip", "name"], index=range(2, 2 + len(lines)))
        rows = rows.assign(external_key=rows["slip"], customer_code="K001", date=day, amount=1000.0)
        records = self.env["kokyaku.sales.record"]
        records._load(import_, rows.assign(**more))
        self.links._recall(import_)
        self.links._link_lines(self.company, import_)
        return records.search([("import_id", "=", import_.id)], order="slip")

    def _of(self, lines):
        lines.invalidate_recordset()
        return lines.mapped("partner_id")

    def test_what_was_bought_before_stays_and_what_comes_later_is_the_heirs(self):
        for name in ("", "鈴木 花子"):
            with self.subTest(name or "the code alone"):
                self._pass_on(self.tanaka)
                before = self._brought((f"1{name}", name and "田中 一郎"), day="2026-05-01")
                self._pass_on(self.suzuki)
                later = self._brought((f"2{name}", name), day="2026-06-01")
                self.assertEqual(self._of(before), self.tanaka)
                self.assertEqual(self._of(later), self.suzuki)
                self.assertEqual(set((before | later).mapped("linked_by")), {"code"})

    def test_each_of_them_is_a_buyer_of_their_own_who_is_decided_alone(self):
        before = self._brought(("1", ""), ("2", ""), day="2026-05-01")
        self._pass_on(self.suzuki)
        later = self._brought(("3", ""), day="2026-06-01")
        former, heir = self._buyers(before), self._buyers(later)
        self.assertEqual((former.partner_id, former.line_count), (self.tanaka, 2))
        self.assertEqual((heir.partner_id, heir.line_count, heir.amount), (self.suzuki, 1, 1000))
        decision = heir.with_env(self._as(self.clerk)).link_to(self.wife.id)
        self.assertEqual(self._of(later), self.wife)
        self.assertEqual(self._of(before), self.tanaka, "nobody has decided about them")
        decision.undo()
        former.with_env(self._as(self.clerk)).reopen()
        self.assertEqual(self._of(later), self.suzuki)
        self.assertFalse(self._of(before))

    def test_from_then_on_it_is_the_heirs(self):
        self._brought(("1", ""), day="2026-05-01")
        self._pass_on(self.suzuki)
        later = self._brought(("2", ""), day="2026-06-01")
        later |= self._brought(("3", ""), day="2026-07-01")
        later |= self._brought(("4", ""), day="2026-06-15")  # after the former's last purchase
        self.assertEqual(self._of(later), self.suzuki)
        self.assertEqual(self._buyers(later).line_count, 3)
        self._pass_on(self.tanaka)
        back = self._brought(("5", ""), day="2026-08-01")
        self.assertEqual(self._of(back), self.tanaka)
        self.assertEqual(self._of(later), self.suzuki)

    def test_who_is_named_as_the_former_and_nothing_like_the_heir_is_the_former(self):
        self._brought(("1", "田中 一郎"), day="2026-05-01")
        self._pass_on(self.suzuki)
        later = self._brought(("2", "田中 一郎"), day="2026-06-01")
        self.assertEqual(self._of(later), self.tanaka)

    def test_the_name_of_one_with_the_code_of_another_is_for_a_human_to_decide(self):
        """The code went to the wife, and the till still prints the husband's name."""
        before = self._brought(("1", "田中 一郎"), day="2026-05-01")
        self._pass_on(self.wife)
        doubtful = self._brought(("2", "田中 一郎"), day="2026-06-01")
        self.links._link_open(self.company)
        doubtful |= self._brought(("3", "田中 一郎"), day="2026-07-01")
        self.assertFalse(self._of(doubtful))
        self.assertEqual(self._of(before), self.tanaka)
        buyer = self._buyers(doubtful)
        self.assertEqual((buyer.state, buyer.line_count), ("open", 2))
        reasons = {one.partner_id: one.reasons.split(",") for one in buyer.candidate_ids}
        self.assertEqual(set(reasons), {self.tanaka, self.wife})
        self.assertIn("former", reasons[self.tanaka])
        self.assertIn("code", reasons[self.wife])

    def test_what_was_decided_about_a_doubt_is_remembered_and_can_be_undone(self):
        self._brought(("1", "田中 一郎"), day="2026-05-01")
        self._pass_on(self.wife)
        lines = self._brought(("2", "田中 一郎"), day="2026-06-01")
        buyer = self._buyers(lines)
        decision = buyer.with_env(self._as(self.clerk)).link_to(self.wife.id)
        lines |= self._brought(("3", "田中 一郎"), day="2026-07-01")
        self.assertEqual(self._of(lines), self.wife)
        decision.undo()
        self.assertFalse(self._of(lines))
        lines |= self._brought(("4", "田中 一郎"), day="2026-08-01")
        self.assertFalse(self._of(lines), "it is in doubt as before")

    def test_sales_of_the_formers_time_that_come_late_are_for_a_human_to_decide(self):
        before = self._brought(("1", ""), day="2026-05-20")
        self._pass_on(self.suzuki)
        late = self._brought(("2", ""), day="2026-05-20")
        self.assertFalse(self._of(late))
        self.assertEqual(self._of(before), self.tanaka)
        offered = self._buyers(late).candidate_ids.partner_id
        self.assertEqual(offered, self.tanaka | self.suzuki)

    def test_a_corrected_file_moves_nothing_by_the_code(self):
        lines = self._brought(("1", "田中 一郎"), ("2", ""), day="2026-05-01")
        self._pass_on(self.wife)
        self._brought(("1", "田中 一郎"), ("2", ""), day="2026-05-01", phone="03-9999-9999")
        self.assertEqual(lines.mapped("buyer_phone"), ["03-9999-9999"] * 2, "it was corrected")
        self.assertEqual(self._of(lines), self.tanaka)

    def test_a_corrected_name_says_whose_sale_it_is(self):
        lines = self._brought(("1", "田中 一郎"), day="2026-05-01")
        self._pass_on(self.wife)
        self._brought(("1", "田中 梅"), day="2026-05-01")
        self.assertEqual(self._of(lines), self.wife)
        self.assertEqual(self._buyers(lines).buyer_name, "田中 梅")

    def test_undoing_the_later_import_leaves_what_was_before(self):
        before = self._brought(("1", ""), day="2026-05-01")
        self._pass_on(self.suzuki)
        import_ = self._new_import()
        self._brought(("2", ""), day="2026-06-01", import_=import_)
        import_._undo_sales()
        self.assertEqual(self._of(before), self.tanaka)
        self.assertEqual(self.links.search([]), self._buyers(before))

    def test_what_was_decided_by_hand_holds_whoever_has_the_code(self):
        lines = self._brought(("1", ""), day="2026-05-01")
        self._buyers(lines).with_env(self._as(self.clerk)).link_to(self.wife.id)
        self._pass_on(self.suzuki)
        lines |= self._brought(("2", ""), day="2026-06-01")
        self.assertEqual(self._of(lines), self.wife)
