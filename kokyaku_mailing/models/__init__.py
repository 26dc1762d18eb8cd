from . import (
    execution_mail_line,
    execution_mail_results,
    execution_mail_returned,
    execution_mail_sent,
    execution_mailing,
    kokyaku_label_format,
    kokyaku_print_font,
    res_partner,
    res_partner_mail,
    selection_criterion_mail,
    selection_execution,
)
