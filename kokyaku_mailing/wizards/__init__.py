from . import (
    kokyaku_label_print,
    kokyaku_label_print_run,
    kokyaku_label_problem,
    label_print_execution,
)
