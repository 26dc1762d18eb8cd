from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PAGE = 40  # fetched at a time
MANY_FOUND = 8
SURE, LIKELY = 75, 45  # points


class KokyakuWorklistMixin(models.AbstractModel):
    """What the two lists on which customers are decided one after the other have in common: that
    of the sales (売上の紐付け) and that of the orders and invoices (個人の候補)."""

    _name = "kokyaku.worklist.mixin"
    _description = "List of Customers to Be Decided"

    @api.model
    @api.readonly
    def link_find(self, text):
        """Find a customer by name, kana, code, phone … for the buyer on the screen."""
        text = (text or "").strip()
        if not text:
            return []
        ours = Domain("company_id", "in", [False, self.env.company.id])
        named = Domain("ref", "=", text) | Domain("display_name", "ilike", text)
        found = self.env["res.partner"].search(
            ours & named & self._people_domain(), limit=MANY_FOUND
        )
        return [self._screen_person(person) for person in found]

    def _chosen_customer(self, partner):
        """Return the customer somebody chose, if this may be them.

        :raises UserError: they are gone, or another company's
        :raises AccessError: who chooses may not see them
        """
        partner = partner.exists()
        if not partner:
            raise UserError(self.env._("This customer was deleted or merged meanwhile."))
        partner.check_access("read")
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(person)s belongs to %(company)s, but these sales to %(other)s.",
                    person=partner.display_name,
                    company=partner.company_id.name,
                    other=self.company_id.name,
                )
            )
        return partner

    @api.model
    def _people_domain(self):
        """Return who may be chosen (hook)."""
        return Domain("type", "=", "contact")

    @api.model
    def _screen_person(self, partner):
        return {
            "partner_id": partner.id,
            "name": partner.name or "",
            "kana": partner.kana or "",
            "code": partner.ref or "",
            "company": partner.parent_id.name or "",
            "zip": partner.zip or "",
            "address": "".join(
                text for text in (partner.state_id.name, partner.city, partner.street) if text
            ),
            "phone": partner.phone or partner.mobile_phone or "",
            "email": partner.email or "",
        }

    @api.model
    def _certainty(self, points):
        if not points:
            return "none"
        return "sure" if points >= SURE else "likely" if points >= LIKELY else "maybe"
