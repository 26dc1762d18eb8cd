"""The floors of written files: the workbook and the labels."""

# ---- workbook -------------------------------------------------------------------------------

def workbook(path, sheets):
    """Write rows from memory, one sheet per tier.

    :param sheets: list of (name, rows of ten cells)
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    money = book.add_format({"num_format": "#,##0"})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, [f"column {n}" for n in range(10)])
        for number, row in enumerate(rows, 1):
            code, person, email, phone, amount, first, last, tenure, lapse, tier = row
            sheet.write_string(number, 0, code)
            sheet.write_string(number, 1, person)
            sheet.write_string(number, 2, email)
            sheet.write_string(number, 3, phone)
            sheet.write_number(number, 4, amount, money)
            sheet.write_number(number, 5, first, day)
            sheet.write_number(number, 6, last, day)
            sheet.write_number(number, 7, tenure)
            sheet.write_number(number, 8, lapse)
            sheet.write_string(number, 9, tier)
    book.close()


# ---- labels ---------------------------------------------------------------------------------

def labels(pages, font):
    """Draw strings at fixed places; return the PDF.

    :param pages: per page a list of (x, y, size, text) in points
    :param font: a registered font of reportlab
    """
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1)
    for strings in pages:
        for x, y, size, text in strings:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
