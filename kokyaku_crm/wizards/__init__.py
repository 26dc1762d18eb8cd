from . import (
    base_partner_merge,
    base_partner_merge_affiliation,
    base_partner_merge_consent,
    contact_entry,
    mail_compose_message,
    privacy,
    sale_order_set_person,
    selection_cancel,
    selection_confirm,
    selection_late,
    transfer,
    transfer_line,
)
