from odoo.exceptions import AccessError
from odoo.tests import tagged

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

    def test_where_two_are_as_likely_nobody_is_proposed(self):
        order = self._order(self.wing, client_order_ref="黒木健一、鈴木三郎")
        self.assertEqual(self._found(order), [(self.env["res.partner"], False)])

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
        for user in (self.analyst, self.clerk, self.seller):
            proposal = self._as(user)["kokyaku.person.proposal"].search([])
            with self.assertRaises(AccessError, msg=user.login):
                proposal.action_accept()
        self.assertFalse(order.person_id)
