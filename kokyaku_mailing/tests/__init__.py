from . import (
    test_atena_block,
    test_atena_rules,
    test_atena_sheet,
    test_label_access,
    test_label_format,
    test_label_print,
    test_label_recipients,
    test_label_run,
    test_label_tour,
    test_print_font,
    test_selection_labels,
)
