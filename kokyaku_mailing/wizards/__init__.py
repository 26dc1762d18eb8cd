from . import kokyaku_label_print, kokyaku_label_problem
