from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kokyaku_crm.models import person_proposal_find

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestPersonProposal(LinkingCase):
    """Orders and invoices of a company that name no person are given one, where there is a sign."""

    def _found(self, *orders):
        self.proposals = self.env["kokyaku.person.proposal"]
        self.proposals._find(self.company)
        found = []
        for order in orders:
            one = self.proposals.search([("order_id", "=", order.id)])
            found.append((one.person_id, one.reason))
        return found

    def test_the_contact_it_is_delivered_to(self):
        order = self._order(self.wing, partner_shipping_id=self.kuroki.id)
        self.assertEqual(self._found(order), [(self.kuroki, "contact")])

    def test_a_department_is_nobody(self):
        office = self.env["res.partner"].create({"name": "総務部", "parent_id": self.wing.id})
        order = self._order(self.wing, client_order_ref="総務部 黒木様")
        self.kuroki.write({"parent_id": office.id, "family_name": "黒木", "given_name": "健一"})
        delivered = self._order(self.wing, partner_shipping_id=office.id)
        self.assertEqual(
            self._found(order, delivered),
            [(self.kuroki, "family"), (self.env["res.partner"], False)],
        )

    def test_a_name_in_the_reference(self):
        orders = [
            self._order(self.wing, client_order_ref="黒木健一様 5月分"),
            self._order(self.wing, client_order_ref="注文書 鈴木様より"),
            self._order(self.wing, client_order_ref="PO-5521"),
        ]
        self.suzuki.write({"family_name": "鈴木", "given_name": "三郎"})
        self.assertEqual(
            self._found(*orders),
            [(self.kuroki, "name"), (self.suzuki, "family"), (self.env["res.partner"], False)],
        )

    def test_a_delivery_address_with_the_phone_of_a_person(self):
        self.suzuki.phone = "03-5555-1234"
        store = self.env["res.partner"].create(
            {
                "name": "倉庫",
                "parent_id": self.wing.id,
                "type": "delivery",
                "phone": "0355551234",
            }
        )
        order = self._order(self.wing, partner_shipping_id=store.id)
        self.assertEqual(self._found(order), [(self.suzuki, "address")])

    def test_where_two_are_as_likely_both_are_offered_and_nobody_is_proposed(self):
        order = self._order(self.wing, client_order_ref="黒木健一、鈴木三郎")
        self.assertEqual(self._found(order), [(self.env["res.partner"], False)])
        [item] = self._as(self.sales_lead)["kokyaku.person.proposal"].link_buyers()
        self.assertEqual(
            {(one["name"], one["why"]) for one in item["candidates"]},
            {(who.name, "Name in the Reference") for who in (self.kuroki, self.suzuki)},
        )
        self.assertEqual(item["certainty"], "maybe")
        self.proposals.search([]).action_accept()
        self.assertFalse(order.person_id, "nobody is set where several are as likely")

    def test_orders_of_a_person_and_those_that_name_one_are_left_alone(self):
        orders = [
            self._order(self.kuroki, client_order_ref="黒木健一"),
            self._order(self.wing, person_id=self.suzuki.id, client_order_ref="黒木健一"),
            self._order(self.haruyama, client_order_ref="黒木健一"),
        ]
        self.assertEqual(self._found(*orders), [(self.env["res.partner"], False)] * 3)

    def test_setting_the_person_and_taking_it_back(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        lead = self._as(self.sales_lead)
        proposal = lead["kokyaku.person.proposal"].search([("order_id", "=", order.id)])
        proposal.action_accept()
        self.assertEqual(order.person_id, self.kuroki)
        self.assertEqual(proposal.state, "done")
        proposal.action_undo()
        self.assertFalse(order.person_id)
        self.assertEqual(proposal.state, "open")

    def test_what_was_refused_is_not_proposed_again(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        proposal = self.proposals.search([("order_id", "=", order.id)])
        proposal.action_refuse()
        self._found(order)
        self.assertEqual(self.proposals.search([("order_id", "=", order.id)]), proposal)
        self.assertEqual(proposal.state, "refused")
        self.assertFalse(order.person_id)

    def test_a_person_set_meanwhile_is_not_overwritten(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        order.person_id = self.suzuki
        proposal = self.proposals.search([("order_id", "=", order.id)])
        proposal.action_accept()
        proposal.action_undo()
        self.assertEqual(order.person_id, self.suzuki)

    def test_another_person_is_picked_and_taken_back(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        proposal = self._as(self.sales_lead)["kokyaku.person.proposal"].search([])
        done = proposal.link_decide("link", self.suzuki.id)
        self.assertEqual((order.person_id, done["item"]["state"]), (self.suzuki, "done"))
        self.assertEqual(proposal.decided_by_id, self.sales_lead)
        with self.assertRaisesRegex(UserError, "meanwhile"):
            proposal.link_decide("link", self.kuroki.id)
        with self.assertRaisesRegex(UserError, "meanwhile"):
            proposal.link_decide("refuse")
        item = proposal.link_undo(done["log_id"])
        self.assertFalse(order.person_id)
        self.assertEqual((item["state"], proposal.person_id), ("open", self.kuroki))

    def test_taking_back_gives_what_was_before(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        proposal = self.proposals.search([])
        proposal.link_decide("link", self.suzuki.id)
        taken_off = proposal.link_decide("reopen")
        self.assertFalse(order.person_id)
        self.assertEqual(proposal.link_undo(taken_off["log_id"])["state"], "done")
        self.assertEqual(order.person_id, self.suzuki)
        proposal.action_undo()
        proposal.link_decide("refuse")
        linked = proposal.link_decide("link", self.kuroki.id)
        self.assertEqual(proposal.link_undo(linked["log_id"])["state"], "refused")
        self.assertFalse(order.person_id)
        with self.assertRaisesRegex(UserError, "already"):
            proposal.link_undo(linked["log_id"])

    def test_what_a_colleague_decided_is_not_overwritten_unseen(self):
        self._order(self.wing, client_order_ref="黒木健一")
        self._found()
        [seen] = self.proposals.link_buyers()
        proposal = self.proposals.browse(seen["id"])
        known = {"state": seen["state"], "partner_id": None}
        self.assertNotIn("refused", proposal.link_decide("refuse", None, known))
        answer = proposal.link_decide("link", self.kuroki.id, known)
        self.assertIn("Somebody else", answer["refused"])
        self.assertEqual((answer["item"]["state"], proposal.state), ("refused", "refused"))

    def test_the_company_of_who_works_in_a_department_is_told(self):
        office = self.env["res.partner"].create({"name": "総務部", "parent_id": self.wing.id})
        self.kuroki.parent_id = office
        [found] = self.env["kokyaku.person.proposal"].link_find(self.kuroki.name)
        self.assertEqual(found["company"], f"{self.wing.name} 総務部")

    def test_only_a_person_can_be_picked(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        proposal = self.proposals.search([])
        with self.assertRaisesRegex(UserError, "choose a person"):
            proposal.link_decide("link", self.wing.id)
        found = self.proposals.link_find("ウィング")
        self.assertNotIn(self.wing.id, [one["partner_id"] for one in found])

    def test_later_and_refused_after_all_set(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        proposal = self.proposals.search([])
        proposal.put_off()
        self.assertEqual(self.proposals.link_screen()["counts"]["skipped"], 1)
        self.assertEqual(len(self.proposals.link_buyers("skipped")), 1)
        self.assertFalse(self.proposals.link_buyers("open"))
        proposal.link_decide("refuse")
        proposal.link_decide("link", self.kuroki.id)
        self.assertEqual(order.person_id, self.kuroki)

    def test_they_are_looked_for_in_parts(self):
        """As the run does it: each part by itself, and looking again changes nothing."""
        orders = [self._order(self.wing, client_order_ref="黒木健一") for _ in range(3)]
        orders.append(self._order(self.wing, client_order_ref="鈴木三郎"))
        self.proposals = self.env["kokyaku.person.proposal"]
        after, parts = orders[0].id - 1, 0
        while after is not None:
            after = self.proposals._find_part(self.company, "order_id", after, limit=2)
            parts += 1
        self.assertEqual(parts, 3)
        proposed = self.proposals.search([]).mapped(lambda one: (one.order_id, one.person_id))
        self._found()
        again = self.proposals.search([]).mapped(lambda one: (one.order_id, one.person_id))
        self.assertEqual(set(proposed), set(again))
        self.assertEqual(len(again), 4)

    def test_many_are_looked_for_by_a_run_with_progress(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self.patch(person_proposal_find, "FEW", 0)
        lead = self._as(self.sales_lead)
        lead["kokyaku.person.proposal"].action_find()
        screen = lead["kokyaku.person.proposal"].link_screen()
        run = lead["kokyaku.run"].browse(screen["run_id"])
        self.assertEqual(run.kind, "find_persons")
        run.sudo()._work()
        self.assertEqual((run.state, run.progress), ("done", 100))
        found = lead["kokyaku.person.proposal"].search([("order_id", "=", order.id)])
        self.assertEqual(found.person_id, self.kuroki)
        self.assertFalse(lead["kokyaku.person.proposal"].link_screen()["run_id"])

    def test_an_invoice_of_an_order_is_not_asked_for_besides(self):
        self._load_chart()
        order = self._order(self.wing, client_order_ref="黒木健一")
        self.tea.invoice_policy = "order"
        invoice = order._create_invoices()
        self._found(order)
        self.assertEqual(self.proposals.search([]).order_id, order)
        self.assertFalse(self.proposals.search([]).move_id)
        self.proposals.search([]).action_accept()
        self.assertEqual(invoice.person_id, self.kuroki)

    def test_an_invoice_of_its_own(self):
        self._load_chart()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.wing.id,
                "company_id": self.company.id,
                "ref": "鈴木三郎様",
                "invoice_date": "2026-05-01",
            }
        )
        self._found()
        proposal = self.proposals.search([("move_id", "=", invoice.id)])
        self.assertEqual((proposal.person_id, proposal.reason), (self.suzuki, "name"))
        proposal.action_accept()
        self.assertEqual(invoice.person_id, self.suzuki)

    def test_who_may_not_change_the_order_may_not_set_its_person(self):
        order = self._order(self.wing, client_order_ref="黒木健一")
        self._found(order)
        found = self.proposals.search([("order_id", "=", order.id)])
        for user in (self.analyst, self.clerk, self.seller):
            proposal = found.with_env(self._as(user))
            with self.assertRaises(AccessError, msg=user.login):
                proposal.action_accept()
            with self.assertRaises(AccessError, msg=user.login):
                proposal.link_decide("link", self.kuroki.id)
        self.assertFalse(order.person_id)

    def test_salespeople_see_and_decide_those_of_their_own_documents(self):
        orders = self._order(self.wing, client_order_ref="黒木健一", user_id=self.seller.id)
        orders |= self._order(self.wing, client_order_ref="黒木健一", user_id=False)
        theirs = self._order(self.wing, client_order_ref="黒木健一", user_id=self.sales_lead.id)
        self._load_chart()
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.wing.id,
                    "company_id": self.company.id,
                    "ref": "鈴木三郎様",
                    "invoice_user_id": user.id,
                }
                for user in (self.seller, self.sales_lead)
            ]
        )
        self._found()
        mine = self._as(self.seller)["kokyaku.person.proposal"]
        self.assertEqual(mine.search([]).order_id, orders)
        self.assertEqual(mine.search([]).move_id, invoices[0])
        self.assertEqual(mine.link_screen()["counts"]["open"], 3)
        self.assertEqual(
            {item["note"] for item in mine.link_buyers()},
            {*orders.mapped("name"), invoices[0].name or ""},
        )
        mine.search([("order_id", "=", orders[0].id)]).link_decide("link", self.kuroki.id)
        self.assertEqual(orders[0].person_id, self.kuroki)
        self.assertFalse(theirs.person_id)
        everything = self._as(self.sales_lead)["kokyaku.person.proposal"].search([])
        self.assertEqual(everything.order_id, orders | theirs)

    def test_who_is_erased_is_proposed_no_more(self):
        orders = [self._order(self.wing, client_order_ref="黒木健一")]
        orders.append(self._order(self.wing, client_order_ref="黒木健一、鈴木三郎"))
        self._found()
        self.kuroki.with_env(self._as(self.manager))._erase("本人の依頼")
        self.proposals.invalidate_model()
        left = self.proposals.search([])
        self.assertEqual(left.order_id, orders[1])
        self.assertEqual(left.candidate_ids.person_id, self.suzuki)

    def test_who_reads_no_orders_sees_no_proposals(self):
        self._order(self.wing, client_order_ref="黒木健一")
        self._found()
        clerk = self._as(self.clerk)["kokyaku.person.proposal"]
        self.assertEqual(clerk.link_buyers(), [])
        self.assertEqual(clerk.link_screen()["counts"]["open"], 0)
