from . import (
    base_partner_merge,
    contact_entry,
    sale_order_set_person,
)
