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

    def _refused_as_decided(self, known, state, partner):
        """Return the answer to a decision about something that stands otherwise by now than on
        the screen it came from: what somebody else has decided is not overwritten unseen.

        :param dict known: ``state`` and ``partner_id`` (or None) on the screen; None: not known
        :param partner: whom it is linked to now
        :return: dict: ``refused`` (why) and the ``item`` as it is now; None where it is as known
        """
        if not known:
            return None
        if known["state"] == state and known["partner_id"] in (None, partner.id):
            return None
        return {
            "refused": self.env._("Somebody else has decided this meanwhile, and it stays so."),
            "item": self._screen_items()[0],
        }

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
            "company": self._screen_company(partner),
            "zip": partner.zip or "",
            "address": "".join(
                text for text in (partner.state_id.name, partner.city, partner.street) if text
            ),
            "phone": partner.phone or partner.mobile_phone or "",
            "email": partner.email or "",
        }

    @api.model
    def _screen_company(self, partner):
        """Return the company of a person, and their department where that is a contact too."""
        company, parent = partner.commercial_partner_id, partner.parent_id
        if not parent:
            return ""
        return " ".join(one.name for one in (company, parent - company) if one and one.name)

    @api.model
    def _certainty(self, points, is_sure=True):
        """Return how certain so many points are, in a word; never sure unless it may be."""
        if not points:
            return "none"
        if points >= SURE and is_sure:
            return "sure"
        return "likely" if points >= LIKELY else "maybe"
