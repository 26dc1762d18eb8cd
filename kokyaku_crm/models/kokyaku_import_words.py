from odoo import api, models


class KokyakuImportReject(models.Model):
    """What the reason codes of rejected rows mean, in words (for others to extend)."""

    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        """Return {code: text}, in the language of the user."""
        env = self.env
        return {
            "not_stored": env._(
                "This row could not be stored. Please import it once more from this file, or "
                "enter it by hand."
            ),
            "missing": env._(
                "Nothing stands here, and without it the row cannot be stored. Please fill it in, "
                "or choose another column for it."
            ),
            "not_a_date": env._("This is no date. Please write it like 2026/5/3."),
            "future_day": env._("This day has not come yet. Please check the year."),
            "no_such_day": env._("There is no such day. Please check the month and the day."),
            "ambiguous_date": env._(
                "This date can be read in several ways. Please write the year with four digits."
            ),
            "date_by_number": env._("A number was read as Excel's date."),
            "not_a_number": env._("This is no number. Please write it in digits."),
            "too_many_columns": env._(
                "The row has more columns than the headings. Perhaps a separator stands in a "
                "text: please put quotation marks around it."
            ),
            "too_few_columns": env._("The row has fewer columns than the headings."),
            "undecodable": env._(
                "The row has characters that cannot be read. Please type them anew."
            ),
            "unclosed_quote": env._(
                "A quotation mark is opened and never closed. Please close it, or take it out."
            ),
            "unknown_code": env._(
                "It is not known what this value means. Please say so in the settings."
            ),
            "unknown_prefecture": env._("There is no such prefecture."),
            "bad_postal_code": env._("This is no postal code."),
            "unknown_postal_code": env._("There is no such postal code."),
            "postal_code_elsewhere": env._("The postal code belongs to another place."),
            "leading_zero": env._("A 0 in front had been lost; it was put back."),
            "bad_email": env._("This is no email address."),
            "not_a_phone": env._("This is no phone number."),
            "not_kana": env._("This is not kana."),
            "unsure_name": env._("Where the family name ends is not sure."),
            "gaiji": env._("There is a character here that only the old computer knows (gaiji)."),
            "lost_character": env._("A character was lost before the file came here."),
            "repeated_key": env._(
                "The same number occurs in another row with other contents; both were stored."
            ),
            "repeated_row": env._("The same row stands in the file once more."),
            "no_product_name": env._(
                "The file names this new product nowhere: it is called by its code."
            ),
            "several_categories": env._(
                "Several product categories are called so, so none was chosen. Please write the "
                "whole path, like “Food / Tea”."
            ),
            "total_row": env._("This is the total of a list, not a customer."),
            "repeated_total": env._(
                "The total of the slip was counted with its first row already."
            ),
            "excluded_status": env._("The settings leave out slips in this state."),
            "erased": env._("The person in this row was erased, and the row with them."),
            "excluded_line": env._("The settings leave out lines of this kind."),
        }


class KokyakuImport(models.Model):
    """What is wrong with a whole file."""

    _inherit = "kokyaku.import"

    def _unreadable_text(self, error):
        """Say what is wrong with a whole file, and what helps."""
        env = self.env
        values = error.values
        return {
            "missing": env._("The file is not kept any more. Please choose it once more."),
            "empty": env._("The file is empty."),
            "no_rows": env._("There are headings in the file, but no rows."),
            "binary": env._(
                "This is not a table. CSV, TSV, text, Excel and vCard files can be read."
            ),
            "foreign": env._(
                "Whatever its name says, this is no table but a picture, a PDF, a document or a "
                "packed file. Please have the other program write its data as CSV or Excel."
            ),
            "encoding": env._(
                "The characters cannot be read. Please save the file as “CSV UTF-8” or as an Excel "
                "workbook, and choose it once more."
            ),
            "package": env._(
                "Reading this file needs the Python package “%s”. Please ask the administrator to "
                "install it.",
                values.get("package", ""),
            ),
            "password": env._("The file has a password. Please take it off and save the file."),
            "broken": env._("The file is damaged. Please have it made once more."),
            "zip_bomb": env._(
                "The workbook would grow to an extraordinary size when it is opened, so it is not "
                "opened. Please save it as CSV."
            ),
            "too_many_columns": env._(
                "The file has %(columns)s columns; at most %(limit)s can be read. Please delete "
                "those that are not needed.",
                columns=values.get("columns", ""),
                limit=values.get("limit", ""),
            ),
            "no_sheet": env._("There is no sheet with rows in the workbook."),
            "layout": env._("The file cannot be read in this way. Please choose something else."),
        }.get(error.code) or env._("The file cannot be read (%s).", error.code)
