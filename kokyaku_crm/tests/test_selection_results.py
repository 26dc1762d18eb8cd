from datetime import date

from odoo.tests import tagged

from .test_selection_responses import ResponseCase


@tagged("post_install", "-at_install")
class TestResults(ResponseCase):
    """効果: what an execution has brought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation.write({"unit_cost": 100, "cost": 1000, "order_days": 30})
        cls.control = cls.env["kokyaku.execution.line"].create(
            {
                "execution_id": cls.invitation.id,
                "set_id": cls.invitation.set_id.id,
                "company_id": cls.company.id,
                "partner_id": cls.haruyama.id,
                "is_control": True,
            }
        )

    def _results(self, user=None):
        return self._at_screen(user).results_data()

    def _people(self, which):
        action = self._at_screen().results_people(which)
        lines = self._at_screen().env[action["res_model"]].with_context(**action["context"])
        return lines.search(action["domain"]).partner_id

    def test_the_list_behind_a_number_is_called_what_the_number_is(self):
        screen = self._at_screen()
        self.assertEqual(screen.results_people("answered")["display_name"], "Responses")
        self.assertEqual(screen.results_people(self.attends.id)["display_name"], "Attends")

    def test_rates_and_numbers_of_the_answers(self):
        self.of_kuroki._respond(self.attends, companions=2)
        self.of_wing._respond(self.attends)  # was left out
        self._at_screen().respond_enter(self.haruyama_home.parent_id.id, self._answer(self.absent))
        counts = self._results()["counts"]
        self.assertEqual(
            {name: counts[name] for name in counts if counts[name]},
            {
                "sent": 2,
                "excluded": 1,
                "control": 1,
                "answered": 3,
                "answered_sent": 1,
                "positive": 2,
                "positive_sent": 1,
                "attending": 2,
                "companions": 2,
            },
        )
        self.assertEqual(
            [(one["name"], one["number"]) for one in self._results()["types"]],
            [("Attends", 2), ("Does Not Attend", 1)],
        )

    def test_orders_within_the_days_are_counted_and_set_against_the_others(self):
        self._order(self.kuroki, (self.tea, 2), when="2026-05-10 03:00:00")
        self._order(self.kuroki, (self.cup, 1), when="2026-06-01 03:00:00")
        self._order(self.suzuki, when="2026-05-01 03:00:00")  # before
        self._order(self.suzuki, when="2026-06-02 03:00:00")  # after the thirty days
        self._order(self.haruyama, when="2026-05-02 03:00:00")
        self._order(self.wing, when="2026-05-10 03:00:00")  # was left out
        data = self._results()
        self.assertEqual(data["sent"], {"people": 2, "buyers": 1, "orders": 2, "sales": 5000})
        self.assertEqual(data["control"], {"people": 1, "buyers": 1, "orders": 1, "sales": 1000})
        self.assertEqual(data["cost"], 1200)
        self.assertEqual(self._people("buyers_sent"), self.kuroki)
        self.assertEqual(self._people("buyers_control"), self.haruyama)

    def test_the_day_of_an_order_is_that_of_tokyo(self):
        self._order(self.kuroki, when="2026-05-01 15:30:00")  # half past midnight of the 2nd
        self.assertEqual(self._results()["sent"]["orders"], 1)

    def test_a_seller_counts_their_own_orders_and_is_told(self):
        order = self._order(self.kuroki)
        order.user_id = self.manager
        data = self._results(self.seller)
        self.assertEqual((data["sent"]["orders"], data["is_partial"]), (0, True))
        data = self._results(self.sales_lead)
        self.assertEqual((data["sent"]["orders"], data["is_partial"]), (1, False))

    def test_every_number_opens_its_people(self):
        self.of_kuroki._respond(self.attends)
        self.of_suzuki._respond(self.absent)
        for which, people in (
            ("sent", self.kuroki | self.suzuki),
            ("excluded", self.wing),
            ("control", self.haruyama),
            ("answered", self.kuroki | self.suzuki),
            ("positive", self.kuroki),
            ("attending", self.kuroki),
            (self.absent.id, self.suzuki),
        ):
            self.assertEqual(self._people(which), people, which)

    def test_a_set_sums_up_its_executions_and_counts_an_order_once(self):
        again = self._execution("お電話", self.kuroki, day=date(2026, 5, 3), order_days=30)
        again.set_id = self.invitation.set_id
        cancelled = self._execution("中止", self.suzuki, state="cancelled", cost=9999)
        cancelled.set_id = self.invitation.set_id
        self._order(self.kuroki)
        data = self.invitation.set_id.with_env(self._as(self.clerk)).results_data()
        self.assertEqual(data["counts"]["sent"], 3)
        self.assertEqual((data["sent"]["orders"], data["sent"]["sales"]), (1, 1000))
        self.assertEqual(data["cost"], 1200)

    def test_the_number_of_statements_does_not_grow_with_the_people(self):
        self._results()

        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.invitation.results_data()
            return self.env.cr.sql_log_count - before

        few = statements()
        people = self.env["res.partner"].create([{"name": f"客 {i}"} for i in range(40)])
        for person in people:
            self.control.copy({"partner_id": person.id, "execution_id": self.invitation.id})
        statements()
        self.assertLessEqual(statements(), few)

    def test_nothing_sent_yet_is_no_error(self):
        empty = self._execution("空", day=False)
        data = empty.with_env(self._as(self.analyst)).results_data()
        self.assertEqual((data["counts"]["sent"], data["cost"], data["has_dates"]), (0, 0, False))
        nothing = self.env["kokyaku.selection.set"].create({"name": "空"}).results_data()
        self.assertEqual(nothing["counts"]["sent"], 0)

    def test_an_order_of_the_company_counts_for_the_department_it_was_sent_to(self):
        department = self.env["res.partner"].create(
            {"name": "総務部", "parent_id": self.wing.id, "honorific": "onchu"}
        )
        gift = self._execution("お中元", department, self.kuroki, order_days=30)
        self._order(self.wing)  # nobody is named
        self._order(self.wing, person_id=self.suzuki.id)  # somebody else is
        self.assertEqual(
            gift.results_data()["sent"], {"people": 2, "buyers": 1, "orders": 1, "sales": 1000}
        )
        lines = gift.line_ids.with_context(kokyaku_execution_ids=gift.ids)
        buyers = lines.search([("execution_id", "=", gift.id), ("has_ordered", "=", True)])
        self.assertEqual(buyers.partner_id, department)

    def test_an_order_of_a_department_counts_for_the_company_once(self):
        sales, factory = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.wing.id, "honorific": "onchu"}
                for name in ("営業部", "工場")
            ]
        )
        self._order(sales)
        self._order(factory, (self.cup, 1))
        gift = self._execution("お中元", self.wing, order_days=30)
        self.assertEqual(
            gift.results_data()["sent"], {"people": 1, "buyers": 1, "orders": 2, "sales": 4000}
        )
        both = self._execution("お歳暮", self.wing, sales, order_days=30)
        self.assertEqual(
            both.results_data()["sent"],
            {"people": 2, "buyers": 2, "orders": 2, "sales": 4000},
            "the order of the department is its own only",
        )
