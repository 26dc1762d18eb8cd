from odoo import api, models


class KokyakuImportReject(models.Model):
    """What the reason codes of rejected rows mean, in words (for others to extend)."""

    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        """Return {code: text}, in the language of the user."""
        _ = self.env._
        return {
            "not_stored": _("This row could not be stored."),
            "missing": _("Nothing stands here, and without it the row cannot be stored."),
            "not_a_date": _("This is no date. Please write it like 2026/5/3."),
            "ambiguous_date": _(
                "This date can be read in several ways. Please write the year with four digits."
            ),
            "date_by_number": _("A number was read as Excel's date."),
            "not_a_number": _("This is no number. Please write it in digits."),
            "too_many_columns": _(
                "The row has more columns than the headings. Perhaps a separator stands in a "
                "text."
            ),
            "too_few_columns": _("The row has fewer columns than the headings."),
            "undecodable": _("The row has characters that cannot be read."),
            "unclosed_quote": _("A quotation mark is opened and never closed."),
            "unknown_code": _(
                "It is not known what this value means. Please say so in the settings."
            ),
            "unknown_prefecture": _("There is no such prefecture."),
            "bad_postal_code": _("This is no postal code."),
            "leading_zero": _("A 0 in front had been lost; it was put back."),
            "bad_email": _("This is no email address."),
            "not_a_phone": _("This is no phone number."),
            "not_kana": _("This is not kana."),
            "unsure_name": _("Where the family name ends is not sure."),
            "gaiji": _("There is a character here that only the old computer knows (gaiji)."),
            "lost_character": _("A character was lost before the file came here."),
            "repeated_key": _(
                "The same number occurs in another row with other contents; both were stored."
            ),
            "repeated_row": _("The same row stands in the file once more."),
            "repeated_total": _("The total of the slip was counted with its first row already."),
            "excluded_status": _("The settings leave out slips in this state."),
            "excluded_line": _("The settings leave out lines of this kind."),
        }


class KokyakuImport(models.Model):
    """What is wrong with a whole file."""

    _inherit = "kokyaku.import"

    def _unreadable_text(self, error):
        """Say what is wrong with a whole file, and what helps."""
        _ = self.env._
        values = error.values
        return {
            "missing": _("The file is not kept any more. Please choose it once more."),
            "empty": _("The file is empty."),
            "no_rows": _("There are headings in the file, but no rows."),
            "binary": _(
                "This is not a table. CSV, TSV, text, Excel and vCard files can be read."
            ),
            "encoding": _(
                "The characters cannot be read. Please save the file as “CSV UTF-8” or as an Excel "
                "workbook, and choose it once more."
            ),
            "package": _(
                "Reading this file needs the Python package “%s”. Please ask the administrator to "
                "install it.",
                values.get("package", ""),
            ),
            "password": _("The file has a password. Please take it off and save the file."),
            "broken": _("The file is damaged. Please have it made once more."),
            "zip_bomb": _(
                "The workbook would grow to an extraordinary size when it is opened, so it is not "
                "opened. Please save it as CSV."
            ),
            "too_many_columns": _(
                "The file has %(columns)s columns; at most %(limit)s can be read. Please delete "
                "those that are not needed.",
                columns=values.get("columns", ""),
                limit=values.get("limit", ""),
            ),
            "no_sheet": _("There is no sheet with rows in the workbook."),
            "layout": _("The file cannot be read in this way. Please choose something else."),
        }.get(error.code) or _("The file cannot be read (%s).", error.code)
