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

    @api.model
    def _customer_targets(self):
        env = self.env
        return {
            "ref": env._("Customer Code"),
            "name": env._("Full Name"),
            "name_2": env._("Full Name, Second Line"),
            "family_name": env._("Family Name"),
            "given_name": env._("Given Name"),
            "kana": env._("Kana"),
            "family_kana": env._("Kana of the Family Name"),
            "given_kana": env._("Kana of the Given Name"),
            "company_name": env._("Company Name"),
            "company_kana": env._("Kana of the Company"),
            "department": env._("Department"),
            "function": env._("Function"),
            "zip": env._("Postal Code"),
            "zip_1": env._("Postal Code, First 3 Digits"),
            "zip_2": env._("Postal Code, Last 4 Digits"),
            "address": env._("Address in One Column"),
            "address_1": env._("Address, First Part"),
            "address_2": env._("Address, Second Part"),
            "address_3": env._("Address, Third Part"),
            "state": env._("Prefecture"),
            "city": env._("City"),
            "street": env._("Street"),
            "street2": env._("Building"),
            "phone": env._("Phone"),
            "phone_1": env._("Phone, First Part"),
            "phone_2": env._("Phone, Second Part"),
            "phone_3": env._("Phone, Third Part"),
            "mobile": env._("Mobile Phone"),
            "mobile_1": env._("Mobile Phone, First Part"),
            "mobile_2": env._("Mobile Phone, Second Part"),
            "mobile_3": env._("Mobile Phone, Third Part"),
            "fax": env._("Fax"),
            "fax_1": env._("Fax, First Part"),
            "fax_2": env._("Fax, Second Part"),
            "fax_3": env._("Fax, Third Part"),
            "email": env._("Email"),
            "company_zip": env._("Company's Postal Code"),
            "company_address": env._("Company's Address"),
            "company_state": env._("Company's Prefecture"),
            "company_city": env._("Company's City"),
            "company_street": env._("Company's Street"),
            "company_street2": env._("Company's Building"),
            "company_phone": env._("Company's Phone"),
            "company_fax": env._("Company's Fax"),
            "gender": env._("Gender"),
            "birthdate": env._("Birth Date"),
            "birthdate_year": env._("Birth Date: Year"),
            "birthdate_month": env._("Birth Date: Month"),
            "birthdate_day": env._("Birth Date: Day"),
            "member_number": env._("Member Number"),
            "acquired_on": env._("Day of First Contact"),
            "source": env._("Source"),
            "note": env._("Note"),
            "personal_type": env._("Personal Type"),
            "selection_type": env._("Selection Type"),
            "staff": env._("Staff"),
            "consent_email": env._("Wants Email"),
            "consent_post": env._("Wants Post"),
            "consent_phone": env._("Wants Phone Calls"),
            "consent_fax": env._("Wants Faxes"),
            "is_company": env._("Is a Company"),
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
        env = self.env
        return {
            "external_key": env._("Number of the Line in Its System"),
            "slip": env._("Slip No."),
            "line_no": env._("Line of the Slip"),
            "date": env._("Purchase Day"),
            "date_year": env._("Purchase Day: Year"),
            "date_month": env._("Purchase Day: Month"),
            "date_day": env._("Purchase Day: Day"),
            "customer_code": env._("Customer Code"),
            "name": env._("Buyer"),
            "family_name": env._("Buyer's Family Name"),
            "given_name": env._("Buyer's Given Name"),
            "kana": env._("Buyer's Kana"),
            "family_kana": env._("Buyer's Kana, Family Name"),
            "given_kana": env._("Buyer's Kana, Given Name"),
            "email": env._("Buyer's Email"),
            "phone": env._("Buyer's Phone"),
            "phone_1": env._("Buyer's Phone, First Part"),
            "phone_2": env._("Buyer's Phone, Second Part"),
            "phone_3": env._("Buyer's Phone, Third Part"),
            "zip": env._("Buyer's Postal Code"),
            "zip_1": env._("Buyer's Postal Code, First 3 Digits"),
            "zip_2": env._("Buyer's Postal Code, Last 4 Digits"),
            "state": env._("Buyer's Prefecture"),
            "city": env._("Buyer's City"),
            "address": env._("Buyer's Address"),
            "address_1": env._("Buyer's Address, First Part"),
            "address_2": env._("Buyer's Address, Second Part"),
            "address_3": env._("Buyer's Address, Third Part"),
            "company_name": env._("Buyer's Company"),
            "product_code": env._("Product Code"),
            "product_name": env._("Product Name"),
            "category": env._("Category in the File"),
            "attribute_text": env._("Color or Size"),
            "attribute_1": env._("Color or Size, First Part"),
            "attribute_2": env._("Color or Size, Second Part"),
            "quantity": env._("Quantity"),
            "unit_price": env._("Unit Price"),
            "tax": env._("Consumption Tax"),
            "tax_rate": env._("Rate of Tax"),
            "amount": env._("Amount of the Line"),
            "order_total": env._("Total of the Slip"),
            "shipping": env._("Shipping"),
            "discount": env._("Discount"),
            "status": env._("Status of the Slip"),
            "line_kind": env._("Kind of Line"),
            "user": env._("Salesperson in the File"),
            "shop": env._("Shop or Branch"),
            "medium": env._("Order Medium"),
            "is_subscription": env._("Regular Order"),
            "is_return": env._("Is a Return"),
        }

    @api.model
    def _product_targets(self):
        env = self.env
        return {
            "product_code": env._("Product Code"),
            "product_name": env._("Product Name"),
            "category": env._("Product Category"),
            "unit_price": env._("Unit Price"),
            "attribute_text": env._("Color or Size"),
            "barcode": env._("Barcode"),
        }
