from odoo import api, models


class KokyakuImport(models.Model):
    """What the columns of a file can be, as the office calls it."""

    _inherit = "kokyaku.import"

    @api.model
    def _targets(self):
        """Return {kind: {target: label}} in the order of the drop-down; the targets themselves
        are those of ``kokyaku_crm.reading``."""
        return {
            "customers": self._customer_targets(),
            "sales": self._sales_targets(),
            "products": self._product_targets(),
        }

    def _target_names(self):
        """Return {target: label} of this import's kind."""
        return self._targets()[self.kind]

    @api.model
    def _customer_targets(self):
        _ = self.env._
        return {
            "ref": _("Customer Code"),
            "name": _("Full Name"),
            "family_name": _("Family Name"),
            "given_name": _("Given Name"),
            "kana": _("Kana"),
            "family_kana": _("Kana of the Family Name"),
            "given_kana": _("Kana of the Given Name"),
            "company_name": _("Company Name"),
            "company_kana": _("Kana of the Company"),
            "department": _("Department"),
            "function": _("Function"),
            "zip": _("Postal Code"),
            "zip_1": _("Postal Code, First 3 Digits"),
            "zip_2": _("Postal Code, Last 4 Digits"),
            "address": _("Address in One Column"),
            "address_1": _("Address, First Part"),
            "address_2": _("Address, Second Part"),
            "address_3": _("Address, Third Part"),
            "state": _("Prefecture"),
            "city": _("City"),
            "street": _("Street"),
            "street2": _("Building"),
            "phone": _("Phone"),
            "phone_1": _("Phone, First Part"),
            "phone_2": _("Phone, Second Part"),
            "phone_3": _("Phone, Third Part"),
            "mobile": _("Mobile Phone"),
            "fax": _("Fax"),
            "email": _("Email"),
            "company_zip": _("Company's Postal Code"),
            "company_address": _("Company's Address"),
            "company_state": _("Company's Prefecture"),
            "company_city": _("Company's City"),
            "company_street": _("Company's Street"),
            "company_street2": _("Company's Building"),
            "company_phone": _("Company's Phone"),
            "company_fax": _("Company's Fax"),
            "gender": _("Gender"),
            "birthdate": _("Birth Date"),
            "birthdate_year": _("Birth Date: Year"),
            "birthdate_month": _("Birth Date: Month"),
            "birthdate_day": _("Birth Date: Day"),
            "member_number": _("Member Number"),
            "acquired_on": _("Day of First Contact"),
            "source": _("Source"),
            "note": _("Note"),
            "personal_type": _("Personal Type"),
            "selection_type": _("Selection Type"),
            "staff": _("Staff"),
            "consent_email": _("Wants Email"),
            "consent_post": _("Wants Post"),
            "consent_phone": _("Wants Phone Calls"),
            "consent_fax": _("Wants Faxes"),
            "is_company": _("Is a Company"),
        } | self._own_targets()

    @api.model
    def _own_targets(self):
        """The user-defined codes and names, under the labels the office gave them."""
        partners = self.env["res.partner"]
        codes = {f"user_code_{slot}": f"user_code_{slot}_id" for slot in range(1, 11)}
        names = {f"user_name_{slot}": f"user_name_{slot}" for slot in range(1, 6)}
        shown = partners.fields_get([*codes.values(), *names.values()], ["string"])
        return {
            target: shown[fname]["string"]
            for target, fname in (codes | names).items()
            if fname in shown
        }

    @api.model
    def _sales_targets(self):
        _ = self.env._
        return {
            "external_key": _("Number of the Line in Its System"),
            "slip": _("Slip No."),
            "line_no": _("Line of the Slip"),
            "date": _("Purchase Day"),
            "date_year": _("Purchase Day: Year"),
            "date_month": _("Purchase Day: Month"),
            "date_day": _("Purchase Day: Day"),
            "customer_code": _("Customer Code"),
            "name": _("Buyer"),
            "family_name": _("Buyer's Family Name"),
            "given_name": _("Buyer's Given Name"),
            "kana": _("Buyer's Kana"),
            "family_kana": _("Buyer's Kana, Family Name"),
            "given_kana": _("Buyer's Kana, Given Name"),
            "email": _("Buyer's Email"),
            "phone": _("Buyer's Phone"),
            "phone_1": _("Buyer's Phone, First Part"),
            "phone_2": _("Buyer's Phone, Second Part"),
            "phone_3": _("Buyer's Phone, Third Part"),
            "zip": _("Buyer's Postal Code"),
            "zip_1": _("Buyer's Postal Code, First 3 Digits"),
            "zip_2": _("Buyer's Postal Code, Last 4 Digits"),
            "address": _("Buyer's Address"),
            "address_1": _("Buyer's Address, First Part"),
            "address_2": _("Buyer's Address, Second Part"),
            "address_3": _("Buyer's Address, Third Part"),
            "company_name": _("Buyer's Company"),
            "product_code": _("Product Code"),
            "product_name": _("Product Name"),
            "category": _("Category in the File"),
            "attribute_text": _("Color or Size"),
            "quantity": _("Quantity"),
            "unit_price": _("Unit Price"),
            "tax": _("Consumption Tax"),
            "amount": _("Amount of the Line"),
            "order_total": _("Total of the Slip"),
            "shipping": _("Shipping"),
            "discount": _("Discount"),
            "status": _("Status of the Slip"),
            "line_kind": _("Kind of Line"),
            "user": _("Salesperson in the File"),
            "shop": _("Shop or Branch"),
            "medium": _("Order Medium"),
            "is_subscription": _("Regular Order"),
            "is_return": _("Is a Return"),
        }

    @api.model
    def _product_targets(self):
        _ = self.env._
        return {
            "product_code": _("Product Code"),
            "product_name": _("Product Name"),
            "category": _("Product Category"),
            "unit_price": _("Unit Price"),
            "attribute_text": _("Color or Size"),
            "barcode": _("Barcode"),
        }
