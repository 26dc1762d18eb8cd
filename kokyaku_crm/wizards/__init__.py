from . import (
    base_partner_merge,
    base_partner_merge_affiliation,
    sale_order_set_person,
    transfer,
    transfer_line,
    base_partner_merge_consent,
    mail_compose_message,
    privacy,
    contact_entry,
    sale_order_set_person,
)
