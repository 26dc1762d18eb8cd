"""A list as an Excel workbook, written row by row in constant memory."""

import io
from datetime import date

import xlsxwriter

from .cells import FORMULA_STARTS

MAX_ROWS = 1_048_575  # on a sheet: Excel's rows without the heading
_FORBIDDEN = str.maketrans("[]:*?/\\'", "        ")


def write(title, headings, rows, widths=(), marks=None):
    """Return the workbook as bytes; more rows than a sheet takes go on on the next one.

    Every text stays a text: none becomes a formula, a number or a date.

    :param str title: the name of the sheet
    :param headings: list of texts
    :param rows: iterable of lists of text, number, date or None
    :param widths: of the columns, in characters
    :param marks: a column (counted from 0) in which Excel offers ○ and ×
    """
    result = io.BytesIO()
    book = xlsxwriter.Workbook(result, {"constant_memory": True, "strings_to_formulas": False})
    heading = book.add_format(
        {"bold": True, "bg_color": "#E8EDF3", "border": 1, "align": "center", "valign": "vcenter"}
    )
    text = book.add_format({"num_format": "@"})
    # Excel keeps such a cell a text also when somebody edits it: the apostrophe that one would
    # type, without changing what stands in the cell.
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    day = book.add_format({"num_format": "yyyy/m/d", "align": "left"})
    sheet, row, part = None, MAX_ROWS, 0
    for values in rows:
        if row >= MAX_ROWS:
            part += 1
            sheet, row = _sheet(book, title, part, headings, widths, heading), 0
        row += 1
        for column, value in enumerate(values):
            if value is None or value is False or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(
                    row, column, value, quoted if value.startswith(FORMULA_STARTS) else text
                )
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write_number(row, column, value)
        if marks is not None and row == 1:
            offered = {"validate": "list", "source": ["○", "×"], "error_type": "warning"}
            sheet.data_validation(1, marks, MAX_ROWS, marks, offered)
    if sheet is None:
        _sheet(book, title, 1, headings, widths, heading)
    book.close()
    return result.getvalue()


def _sheet(book, title, part, headings, widths, look):
    suffix = f" ({part})" if part > 1 else ""
    name = title.translate(_FORBIDDEN).strip() or "-"
    sheet = book.add_worksheet(name[: 31 - len(suffix)] + suffix)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, look)
        sheet.set_column(column, column, widths[column] if column < len(widths) else 16)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet
