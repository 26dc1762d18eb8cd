"""How the sheets of the workbook look. No queries here: rows come in, cells go out."""

from datetime import date

from odoo.tools.misc import format_datetime

from odoo.addons.kokyaku_crm.sheets.cells import FORMULA_STARTS

MAX_ROWS = 1_048_575  # customers on a sheet: Excel's rows without the heading

WIDTHS = (14, 22, 30, 16, 14, 12, 12, 9, 11, 18)
FORBIDDEN_IN_SHEET_NAME = str.maketrans("[]:*?/\\'", "        ")


class WorkbookFormats:
    """The cell formats of a workbook."""

    def __init__(self, book, decimals):
        money = "#,##0" + ("." + "0" * decimals if decimals else "")
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.label = book.add_format({"font_color": "#555555", "valign": "top"})
        self.value = book.add_format({"align": "left"})
        self.day = book.add_format({"align": "left", "num_format": "yyyy/m/d"})
        self.heading = book.add_format(
            {"bold": True, "bg_color": "#E8EDF3", "border": 1, "align": "center",
             "valign": "vcenter", "text_wrap": True}
        )
        self.text = book.add_format({"num_format": "@"})
        # Excel keeps such a cell a text also when somebody edits it: the apostrophe that one
        # would type, without changing what stands in the cell.
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.money = book.add_format({"num_format": money})
        self.date = book.add_format({"num_format": "yyyy/m/d", "align": "right"})
        self.number = book.add_format({"num_format": "#,##0"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.total = book.add_format({"bold": True, "top": 1})
        self.total_number = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        self.total_money = book.add_format({"bold": True, "top": 1, "num_format": money})
        self.total_share = book.add_format({"bold": True, "top": 1, "num_format": "0.0%"})


def write_text(sheet, row, column, text, formats):
    """Write ``text`` so that it is a text whatever it looks like."""
    starts_formula = text.startswith(FORMULA_STARTS)
    sheet.write_string(row, column, text, formats.quoted if starts_formula else formats.text)


class TierSheets:
    """The sheets with the customers, one tier after the other."""

    def __init__(self, env, book, formats):
        self.book, self.formats = book, formats
        self.headings = (
            env._("Customer code"),
            env._("Full name"),
            env._("E-mail address"),
            env._("Phone number"),
            env._("Sales total"),
            env._("First purchase day"),
            env._("Last purchase day"),
            env._("Period"),
            env._("Loss period"),
            env._("Customer class"),
        )
        self.footer = env._("Page %(page)s of %(pages)s", page="&P", pages="&N")
        self.sheet, self.row, self.title, self.part = None, 0, "", 0

    def begin(self, title):
        """Begin the sheet of a tier."""
        self.title, self.part = title, 0
        self._add_sheet()

    def end(self):
        """Finish the last sheet of the tier."""
        self.sheet.autofilter(0, 0, self.row, len(self.headings) - 1)

    def _add_sheet(self):
        self.part += 1
        sheet = self.book.add_worksheet(sheet_name(self.book, self.title, self.part))
        for column, (heading, width) in enumerate(zip(self.headings, WIDTHS, strict=True)):
            sheet.write_string(0, column, heading, self.formats.heading)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 2)
        prepare_printing(sheet, self.footer)
        sheet.repeat_rows(0)
        self.sheet, self.row = sheet, 0

    def add(self, rows):
        """Write customers below the last one; rows as of ``Portfolio._workbook_rows``."""
        for start in range(0, len(rows), MAX_ROWS):  # in one piece, but for the end of a sheet
            room = MAX_ROWS - self.row
            part = rows[start:start + MAX_ROWS]
            if len(part) > room:
                self._write_part(part[:room])
                self.end()
                self._add_sheet()
                part = part[room:]
            self._write_part(part)

    def _write_part(self, rows):
        sheet, formats, row = self.sheet, self.formats, self.row
        text, money, day, number = formats.text, formats.money, formats.date, formats.number
        write_string, write_number = sheet.write_string, sheet.write_number
        for ref, name, email, phone, amount, first, last, tenure, lapse, tier in rows:
            row += 1
            for column, value in enumerate((ref, name, email, phone)):
                if value.startswith(FORMULA_STARTS):
                    write_text(sheet, row, column, value, formats)
                elif value:
                    write_string(row, column, value, text)
            write_number(row, 4, amount, money)
            write_number(row, 5, first, day)
            write_number(row, 6, last, day)
            write_number(row, 7, tenure, number)
            write_number(row, 8, lapse, number)
            write_string(row, 9, tier, text)
        self.row = row


def sheet_name(book, title, part):
    """Return a name Excel takes: 31 characters at most, none of ``[]:*?/\\'``, not used yet."""
    base = title.translate(FORBIDDEN_IN_SHEET_NAME).strip() or "-"
    used = {sheet.get_name().lower() for sheet in book.worksheets()}
    while True:
        suffix = f" ({part})" if part > 1 else ""
        name = base[: 31 - len(suffix)] + suffix
        if name.lower() not in used:
            return name
        part += 1


def prepare_printing(sheet, footer):
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L&A&R{footer}")


def write_summary(portfolio, book, formats, totals, everyone):
    """Write the first sheet: what was counted how, and the tiers with their shares.

    :param totals: ``{tier: (people, amount, amount_12m)}``
    :param everyone: False when the workbook holds chosen customers only
    """
    env = portfolio.env
    sheet = book.add_worksheet(sheet_name(book, env._("Summary"), 1))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 7, 14)
    prepare_printing(sheet, env._("Page %(page)s of %(pages)s", page="&P", pages="&N"))
    sheet.write_string(0, 0, portfolio.name, formats.title)
    lines = [
        (env._("Company"), portfolio.company_id.name),
        (env._("Base date"), portfolio.as_of),
        (env._("Aggregated at"), format_datetime(env, portfolio.refreshed_at, tz=portfolio.tz)),
        (
            env._("Customers on this file"),
            env._("All") if everyone else env._("Chosen ones only (a filtered list)"),
        ),
        *portfolio._rule_lines(),
    ]
    row = 1
    for label, value in lines:
        row += 1
        sheet.write_string(row, 0, label, formats.label)
        if isinstance(value, date):
            sheet.write_datetime(row, 1, value, formats.day)
        else:
            sheet.write_string(row, 1, value or "", formats.value)
    row += 2
    headings = (
        env._("Customer class"), env._("People"), env._("Share"), env._("Sales total"),
        env._("Share"), env._("Last 12 months"), env._("Share"), env._("Sales per person"),
    )
    for column, heading in enumerate(headings):
        sheet.write_string(row, column, heading, formats.heading)
    sums = [sum(figures[i] for figures in totals.values()) for i in range(3)]
    for tier in env["kokyaku.tier"].search([]):
        row += 1
        figures = totals.get(tier, (0, 0, 0))
        write_text(sheet, row, 0, tier.name, formats)
        _write_figures(
            sheet, row, figures, sums, (formats.number, formats.money, formats.share)
        )
    row += 1
    sheet.write_string(row, 0, env._("Total"), formats.total)
    _write_figures(
        sheet, row, sums, sums,
        (formats.total_number, formats.total_money, formats.total_share),
    )
    if everyone:
        row += 2
        sheet.write_string(row, 0, env._("Prospects (outside the ten)"), formats.label)
        sheet.write_number(row, 1, portfolio.prospect_count, formats.number)


def _write_figures(sheet, row, figures, sums, formats):
    """Write people, amount and 12 months, each with its share, and the amount per person."""
    number, money, share = formats
    for index, (figure, total) in enumerate(zip(figures, sums, strict=True)):
        sheet.write_number(row, 1 + 2 * index, figure, money if index else number)
        sheet.write_number(row, 2 + 2 * index, figure / total if total else 0, share)
    sheet.write_number(row, 7, figures[1] / figures[0] if figures[0] else 0, money)
