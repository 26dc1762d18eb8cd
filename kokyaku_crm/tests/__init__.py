from . import (
    test_access,
    test_merge,
    test_naming,
    test_partner_fields,
    test_partner_names,
    test_person_page,
    test_purchase,
    test_run,
    test_sale_person,
    test_sales_history,
    test_selected,
    test_user_labels,
)
