"""What is said of a pasted list or a file that cannot be taken as it is."""

from odoo.exceptions import UserError

MOST_LINES = 100_000


def check_number(env, rows):
    """Refuse a list of more lines than are looked up at once."""
    if len(rows) > MOST_LINES:
        raise UserError(
            env._(
                "These are %(number)s lines; up to %(most)s can be looked up at once. Please "
                "divide the list.",
                number=len(rows),
                most=MOST_LINES,
            )
        )


def unreadable(env, error, name):
    """Return the error for a user that says why a file cannot be read, and what to do.

    :param error: ``sheets.files.UnreadableFile``
    :param str name: how the file is called
    """
    return UserError(
        {
            "encoding": env._(
                "“%s” is neither an Excel workbook nor a text in UTF-8 or Shift JIS.", name
            ),
            "old_excel": env._(
                "“%s” is a workbook of an old kind or with a password. Please save it as "
                ".xlsx without a password.",
                name,
            ),
            "broken": env._("“%s” cannot be read. Please save it anew as .xlsx or CSV.", name),
            "package": env._(
                "To read Excel files, the package openpyxl has to be installed on the "
                "server (pip install openpyxl). Until then please save “%s” as CSV, or "
                "paste its lines.",
                name,
            ),
        }[error.code]
    )
