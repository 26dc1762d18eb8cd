from . import (
    base_partner_merge,
    base_partner_merge_consent,
    mail_compose_message,
    sale_order_set_person,
)
