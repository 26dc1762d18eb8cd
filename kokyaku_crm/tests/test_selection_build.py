from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KokyakuCase


class SelectionCase(KokyakuCase):
    """The small shop, what its people bought, and sets of them."""

    @classmethod
    def _set(cls, *lines, **values):
        """A set of the clerk with criteria: each line a dict of values."""
        env = cls.env(user=cls.clerk)
        return env["kokyaku.selection.set"].create(
            {
                "name": "2026年お歳暮送付先",
                "company_id": cls.company.id,
                "criterion_ids": [
                    Command.create({"sequence": number, **line})
                    for number, line in enumerate(lines)
                ],
                **values,
            }
        )

    def _built(self, *lines, **values):
        one = self._set(*lines, **values)
        one._build()
        return self._people(one)

    def _people(self, one):
        return one.member_ids.filtered(lambda m: not m.excluded).partner_id.sudo(False)


@freeze_time("2026-11-24 03:00:00")
@tagged("post_install", "-at_install")
class TestSelectionBuild(SelectionCase):
    """選択セット作成: from criteria to people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fur, cls.mink = cls.env["product.category"].create(
            [{"name": "毛皮"}, {"name": "ミンク"}]
        )
        cls.mink.parent_id = cls.fur
        cls.coat = cls.env["product.product"].create(
            {"name": "ミンクコート", "categ_id": cls.mink.id, "list_price": 300000,
             "taxes_id": False}
        )  # fmt: skip
        cls.vip = cls.env["kokyaku.personal.type"].create({"code": "V9", "name": "VIP客"})
        cls.kuroki.personal_type_ids = cls.vip
        cls.haruyama.write({"personal_type_ids": cls.vip.ids, "birthdate": "1966-11-24"})
        mine = {"user_id": cls.clerk.id}
        cls._order(cls.wing, (cls.coat, 1), when="2026-05-10 03:00:00",
                   person_id=cls.kuroki.id, **mine)  # fmt: skip
        cls._order(cls.haruyama, (cls.coat, 1), when="2024-05-10 03:00:00")
        cls._order(cls.haruyama, (cls.tea, 3), when="2026-06-01 03:00:00")
        cls._order(cls.haruyama, (cls.tea, 2), when="2026-06-01 05:00:00")
        cls._order(cls.suzuki, (cls.tea, 1), when="2026-11-23 15:30:00")  # today in Tokyo

    def _night(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 100):
            self.env["kokyaku.selection.set"].sudo()._cron_build()

    def _vips(self, **values):
        domain = repr([("personal_type_ids", "in", self.vip.ids)])
        return {"kind": "person", "partner_domain": domain, **values}

    def _bought(self, **values):
        return {"kind": "purchase", **values}

    # ---- The examples of the printed brochure (seeds/002) ---------------------------

    def test_everybody_with_a_type(self):
        self.assertEqual(self._built(self._vips()), self.kuroki + self.haruyama)

    def test_everybody_i_look_after(self):
        self.suzuki.user_id = self.clerk
        self.haruyama.sudo().staff_ids = self.clerk
        mine = {"kind": "person", "partner_domain": repr([("in_my_charge", "=", True)])}
        self.assertEqual(self._built(mine), self.suzuki + self.haruyama)

    def test_who_bought_of_a_category_or_one_below_it(self):
        fur = self._bought(categ_ids=self.fur.ids)
        self.assertEqual(self._built(fur), self.kuroki + self.haruyama)

    def test_who_bought_red_shoes(self):
        colour = self.env["product.attribute"].create(
            {"name": "色", "value_ids": [Command.create({"name": n}) for n in ("赤", "黒")]}
        )
        red, black = colour.value_ids
        shoes = self.env["product.template"].create(
            {
                "name": "靴",
                "taxes_id": False,
                "attribute_line_ids": [
                    Command.create(
                        {"attribute_id": colour.id, "value_ids": [Command.set([red.id, black.id])]}
                    )
                ],
            }
        )
        red_shoes, black_shoes = shoes.product_variant_ids
        self._order(self.kuroki, (red_shoes, 1))
        self._order(self.suzuki, (black_shoes, 1))
        line = self._bought(attribute_value_ids=red.ids)
        self.assertEqual(self._built(line), self.kuroki)

    def test_who_bought_products_with_a_code(self):
        label = self.env["kokyaku.user.code"].create(
            {"model": "product.template", "slot": "3", "name": "色"}
        )
        red = self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "R", "name": "赤"}
        )
        self.cup.product_tmpl_id.user_code_3_id = red
        self._order(self.suzuki, (self.cup, 1))
        self.assertEqual(self._built(self._bought(code_value_ids=red.ids)), self.suzuki)

    def test_to_whom_i_sold_in_the_past_year(self):
        line = self._bought(seller="owner", period="last", period_number=1, period_unit="year")
        self.assertEqual(self._built(line), self.kuroki)

    # ---- Purchases --------------------------------------------------------------------

    def test_times_are_days_and_not_orders(self):
        twice = self._bought(product_ids=self.tea.ids, threshold=2)
        self.assertFalse(self._built(twice))
        self._order(self.haruyama, (self.tea, 1), when="2026-07-01 03:00:00")
        self.assertEqual(self._built(twice), self.haruyama)

    def test_quantity_and_amount(self):
        five = self._bought(product_ids=self.tea.ids, measure="quantity", threshold=5)
        self.assertEqual(self._built(five), self.haruyama)
        dear = self._bought(measure="amount", threshold=300001)
        self.assertEqual(self._built(dear), self.haruyama)
        few = self._bought(
            product_ids=self.tea.ids, measure="quantity", comparison="most", threshold=4
        )
        self.assertEqual(self._built(few), self.suzuki)

    def test_what_was_returned_was_not_bought(self):
        self._order(self.wing, (self.coat, -1), when="2026-06-10 03:00:00",
                    person_id=self.kuroki.id)  # fmt: skip
        self.assertEqual(self._built(self._bought(categ_ids=self.fur.ids)), self.haruyama)

    def test_days_are_days_in_japan(self):
        day = {"period": "between", "date_from": "2026-11-24", "date_to": "2026-11-24"}
        self.assertEqual(self._built(self._bought(**day)), self.suzuki)

    def test_not_bought_since(self):
        ever = self._bought(categ_ids=self.fur.ids)
        lately = self._bought(connector="except", period="last", period_number=1,
                              period_unit="year", categ_ids=self.fur.ids)  # fmt: skip
        self.assertEqual(self._built(ever, lately), self.haruyama)

    def test_bought_this_but_not_that(self):
        tea = self._bought(product_ids=self.tea.ids)
        no_fur = self._bought(connector="except", categ_ids=self.fur.ids)
        self.assertEqual(self._built(tea, no_fur), self.suzuki)

    def test_a_salesperson_asks_their_own_sales_only(self):
        """Whoever sees only their own orders learns nothing of the others by a set."""
        one = self._set(self._bought(categ_ids=self.fur.ids))
        env = self._as(self.seller)
        one.with_env(env)._build()
        self.assertFalse(self._people(one))
        one.with_env(self._as(self.sales_lead))._build()
        self.assertEqual(self._people(one), self.kuroki + self.haruyama)

    # ---- And, or, except, brackets ----------------------------------------------------

    def test_or_and_brackets(self):
        tea = self._bought(product_ids=self.tea.ids)
        lines = (self._vips(opening="1"), {**tea, "connector": "or", "closing": "1"},
                 self._bought(connector="and", categ_ids=self.fur.ids,
                              period="last", period_number=1, period_unit="year"))  # fmt: skip
        self.assertEqual(self._built(*lines), self.kuroki)
        no_brackets = (self._vips(), {**tea, "connector": "or"})
        self.assertEqual(self._built(*no_brackets), self.kuroki + self.haruyama + self.suzuki)

    def test_except_at_the_beginning_means_everybody_else(self):
        everyone = self._built({**self._vips(), "connector": "except"})
        self.assertIn(self.suzuki, everyone)
        self.assertFalse(everyone & (self.kuroki + self.haruyama))
        either = self._built(
            {**self._vips(), "connector": "except"},
            {**self._bought(categ_ids=self.fur.ids), "connector": "or"},
        )
        self.assertIn(self.kuroki, either)
        self.assertIn(self.suzuki, either)

    def test_brackets_that_do_not_match_are_named(self):
        with self.assertRaisesRegex(UserError, "Criterion 1 closes"):
            self._built({**self._vips(), "closing": "1"})
        with self.assertRaisesRegex(UserError, "criterion 1 opens"):
            self._built({**self._vips(), "opening": "1"})

    # ---- Who is never in --------------------------------------------------------------

    def test_archived_people_addresses_and_other_companies_stay_out(self):
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = self.env["res.partner"].create(
            {"name": "別 太郎", "company_id": other.id, "personal_type_ids": self.vip.ids}
        )
        self.haruyama_home.personal_type_ids = self.vip
        self.haruyama.active = False
        people = self._built(self._vips())
        self.assertEqual(people, self.kuroki)
        self.assertNotIn(foreign, people)
        domain = [("personal_type_ids", "in", self.vip.ids), ("active", "in", [True, False])]
        self.assertEqual(self._built({"partner_domain": repr(domain)}), self.kuroki)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_an_analyst_builds_nothing(self):
        one = self._set(self._vips())
        with self.assertRaises(AccessError):
            one.with_env(self._as(self.analyst))._build()

    def test_what_one_may_not_see_one_may_not_ask_for(self):
        one = self._set({"partner_domain": repr([("signup_type", "=", "reset")])})
        with self.assertRaisesRegex(UserError, "may not see"):
            one.with_env(self._as(self.clerk))._build()

    # ---- Building anew ----------------------------------------------------------------

    def test_who_was_added_or_removed_by_hand_stays_so(self):
        one = self._set(self._vips())
        one._build()
        one._add_people(self.suzuki, reason="社長の友人")
        one._remove_people(self.kuroki, reason="転勤")
        self.assertEqual(one._build(), (0, 0))
        self.assertEqual(self._people(one), self.suzuki + self.haruyama)
        removed = one.member_ids.filtered("excluded")
        self.assertEqual((removed.partner_id, removed.reason), (self.kuroki, "転勤"))
        self.assertEqual((one.member_count, one.manual_count, one.excluded_count), (2, 1, 1))

    def test_building_anew_writes_the_difference_and_tells_it(self):
        one = self._set(self._vips())
        one._build()
        kept = one.member_ids.filtered(lambda m: m.partner_id == self.haruyama)
        self.kuroki.personal_type_ids = False
        self.suzuki.personal_type_ids = self.vip
        self.assertEqual(one._build(), (1, 1))
        self.assertTrue(kept.exists(), "who stays is not written anew")
        changes = self.env["kokyaku.selection.change"].search([("set_id", "=", one.id)])
        self.assertEqual(
            {(c.partner_id, c.came_in) for c in changes},
            {(self.suzuki, True), (self.kuroki, False)},
        )
        self.assertEqual((one.built_added, one.built_removed, one.member_count), (1, 1, 2))
        self.assertTrue(one.built_at)

    def test_changed_criteria_are_pointed_out_until_it_is_built_anew(self):
        one = self._set(self._vips())
        self.assertFalse(one.criteria_changed)
        one._build()
        one.criterion_ids.partner_domain = repr([("is_company", "=", True)])
        self.assertTrue(one.criteria_changed)
        one._build()
        self.assertFalse(one.criteria_changed)

    def test_a_set_without_criteria_says_so(self):
        with self.assertRaisesRegex(UserError, "no criteria"):
            self._set()._build()

    def test_a_confirmed_set_is_not_built(self):
        one = self._set(self._vips())
        one.sudo().state = "confirmed"
        with self.assertRaises(UserError):
            one._build()

    # ---- Sets of sets ------------------------------------------------------------------

    def test_a_set_from_other_sets_reads_their_stored_people(self):
        first = self._set(self._vips())
        first._build()
        self.kuroki.personal_type_ids = False  # first is not built again
        second = {"kind": "set", "other_set_ids": first.ids}
        self.assertEqual(self._built(second), self.kuroki + self.haruyama)
        without = self._bought(product_ids=self.tea.ids)
        self.assertEqual(self._built(without, {**second, "connector": "except"}), self.suzuki)

    def test_a_set_that_would_be_made_from_itself_is_refused(self):
        first = self._set(self._vips())
        second = self._set({"kind": "set", "other_set_ids": first.ids})
        with self.assertRaisesRegex(ValidationError, "made from itself"):
            first.criterion_ids = [Command.create({"kind": "set", "other_set_ids": second.ids})]

    def test_every_night_sets_are_built_after_those_they_use(self):
        first = self._set(self._vips(), is_dynamic=True, name="基")
        second = self._set(
            {"kind": "set", "other_set_ids": first.ids}, is_dynamic=True, name="応用"
        )
        self.assertEqual((second + first)._in_order(), first + second)
        self._night()
        self.assertEqual(self._people(second), self.kuroki + self.haruyama)

    def test_one_broken_set_does_not_stop_the_others_at_night(self):
        broken = self._set({"partner_domain": repr([("no_such_field", "=", 1)])}, is_dynamic=True)
        good = self._set(self._vips(), is_dynamic=True)
        self._night()
        self.assertIn("Criterion 1", broken.build_error)
        self.assertEqual(good.member_count, 2)

    # ---- Bad input ---------------------------------------------------------------------

    def test_a_field_that_was_removed_is_named(self):
        for domain in ("[('x_gone', '=', 1)]", "[(", "uid", "[('name', 'strange', 1)]"):
            with self.assertRaisesRegex(UserError, "Criterion 1"):
                self._built({"partner_domain": domain})

    def test_a_deleted_product_does_not_turn_into_any_product(self):
        product = self.env["product.product"].create({"name": "廃番"})
        one = self._set(self._bought(product_ids=product.ids))
        product.unlink()
        one.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "were deleted since"):
            one._build()
        one.criterion_ids.write({"product_ids": [Command.set(self.tea.ids)]})
        one._build()
        self.assertEqual(self._people(one), self.haruyama + self.suzuki)

    def test_incomplete_criteria_say_what_is_missing(self):
        for values, message in (
            ({"kind": "set"}, "at least one set"),
            (self._bought(seller="chosen"), "choose the employees"),
            (self._bought(period="between"), "a day to begin"),
            (self._bought(period="last", period_number=0), "above 0"),
            (self._bought(threshold=0), "above 0"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._built(values)

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(ValidationError):
            self._set(self._bought(period="between", date_from="2026-02-01", date_to="2026-01-01"))

    # ---- What the user sees --------------------------------------------------------------

    def test_the_number_is_there_while_criteria_are_entered(self):
        with Form(self.env(user=self.clerk)["kokyaku.selection.set"]) as form:
            form.name = "VIP"
            with form.criterion_ids.new() as line:
                line.partner_domain = self._vips()["partner_domain"]
            self.assertEqual(form.live_count_text, "2 people")
            with form.criterion_ids.new() as line:
                line.kind = "purchase"
                line.period = "this_year"
                line.categ_ids.add(self.fur)
            self.assertEqual(form.live_count_text, "1 people")
            with form.criterion_ids.new() as line:
                line.opening = "1"
            self.assertIn("not closed", form.live_count_text)
            form.criterion_ids.remove(2)
        one = form.record
        self.assertFalse(one.live_count_text, "merely opening a set counts nothing")

    def test_the_preview_lists_who_it_would_be(self):
        one = self._set(self._vips())
        action = one.action_preview()
        found = self.env(user=self.clerk)["res.partner"].search(action["domain"])
        self.assertEqual(found, self.kuroki + self.haruyama)
        self.assertFalse(one.member_ids)

    def test_criteria_read_like_a_sentence(self):
        one = self._set(
            self._vips(),
            self._bought(connector="except", categ_ids=self.fur.ids, period="last",
                         period_number=2, period_unit="year"),
        )  # fmt: skip
        self.assertEqual(
            one.criteria_text,
            "[Personal Types is VIP客] except [in the past 2 Years bought 毛皮, at least 1 times]",
        )

    def test_saved_criteria_are_used_again(self):
        self._set(self._vips(), self._bought(categ_ids=self.fur.ids)).action_save_criteria()
        saved = self.env["kokyaku.saved.criteria"].search([], order="id desc", limit=1)
        with Form(self.env(user=self.clerk)["kokyaku.selection.set"]) as form:
            form.name = "もう一度"
            form.saved_criteria_id = saved
        self.assertEqual(len(form.record.criterion_ids), 2)
        self.assertEqual(form.record.criterion_ids[1].categ_ids, self.fur)
        self.assertEqual(len(saved.criterion_ids), 2)
        form.record._build()
        self.assertEqual(self._people(form.record), self.kuroki + self.haruyama)


@freeze_time("2026-11-24 03:00:00")
@tagged("post_install", "-at_install")
class TestPartnerAge(KokyakuCase):
    """年齢・誕生月: searched as they are shown."""

    def test_the_search_finds_whom_the_age_says(self):
        days = ("1966-11-24", "1966-11-25", "1966-11-23", "2004-02-29", "2025-12-01", False)
        people = self.env["res.partner"].create(
            [{"name": f"年 {day}", "birthdate": day} for day in days]
        )
        ours = Domain("id", "in", people.ids)
        for age in (0, 22, 59, 60):
            for operator, holds in (
                ("=", lambda a, b: a == b), (">=", lambda a, b: a >= b),
                (">", lambda a, b: a > b), ("<", lambda a, b: a < b),
                ("<=", lambda a, b: a <= b),
            ):  # fmt: skip
                found = people.search(ours & Domain("age", operator, age))
                expected = people.filtered(
                    lambda p: p.birthdate and holds(p.age, age)  # noqa: B023
                )
                self.assertEqual(found, expected, f"{operator} {age}")

    def test_the_month_of_birth(self):
        self.haruyama.birthdate = "1970-11-03"
        self.assertEqual(self.haruyama.birth_month, 11)
        ours = Domain("id", "in", (self.haruyama + self.kuroki).ids)
        found = self.env["res.partner"].search(ours & Domain("birth_month", "=", 11))
        self.assertEqual(found, self.haruyama)
