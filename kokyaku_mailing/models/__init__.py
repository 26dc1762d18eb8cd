from . import kokyaku_label_format, kokyaku_print_font, res_partner, selection_execution
