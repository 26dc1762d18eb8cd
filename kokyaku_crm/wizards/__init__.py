from . import (
    base_partner_merge,
    base_partner_merge_affiliation,
    base_partner_merge_consent,
    contact_entry,
    mail_compose_message,
    privacy,
    received_compare,
    sale_order_set_person,
    transfer,
    transfer_line,
)
