from . import base_partner_merge
from . import sale_order_set_person
