from . import (
    base_partner_merge,
    base_partner_merge_affiliation,
    sale_order_set_person,
    transfer,
    transfer_line,
)
