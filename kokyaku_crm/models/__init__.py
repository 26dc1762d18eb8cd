from . import kokyaku_user_label_mixin

# the mixin of codes builds on the one of labels
# isort: split
from . import (
    account_move,
    ir_http,
    kokyaku_personal_type,
    kokyaku_purchase,
    kokyaku_run,
    kokyaku_run_progress,
    kokyaku_run_work,
    kokyaku_selection_type,
    kokyaku_user_code,
    kokyaku_user_code_mixin,
    kokyaku_user_code_value,
    kokyaku_user_name,
    product_product,
    product_template,
    res_partner,
    res_partner_name,
    res_partner_purchase,
    res_users,
    sale_order,
)
