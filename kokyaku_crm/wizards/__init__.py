from . import base_partner_merge, sale_order_set_person
