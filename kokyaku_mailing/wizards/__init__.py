from . import (
    base_partner_merge,
    kokyaku_label_print,
    kokyaku_label_print_run,
    kokyaku_label_problem,
    label_print_execution,
    mail_compose_message,
)
