"""The foldings of ``fold``, ``phone`` and ``grams`` as SQL functions.

Their bodies call nothing but PostgreSQL's own functions, so that a dump that holds an index
over them can be restored.
"""

from . import fold, phone


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def _same_letters(text):
    letters = _literal("".join(fold.TABLE))
    keys = _literal("".join(fold.TABLE.values()))
    text = f"translate(normalize({text}, NFKC), {letters}, {keys})"
    return f"regexp_replace({text}, {_literal(fold.REPEATED)}, '\\1\\1', 'g')"


def _without(text, pattern, flags="g"):
    return f"regexp_replace({text}, {_literal(pattern)}, '', {_literal(flags)})"


_NAME = _without(_same_letters("$1"), fold.LEGAL_FORM, "gn")
_NUMBERS = f"regexp_replace(normalize($1, NFKC), {_literal(phone.OTHERS)}, E'\\n', 'g')"
_AT_HOME = f"regexp_replace({_NUMBERS}, {_literal(phone.JAPAN)}, '\\10', 'g')"
_GRAMS = """
SELECT array_agg(DISTINCT number) FROM (
    SELECT CASE
        WHEN b = 10 THEN NULL
        WHEN a > 127 OR b > 127 THEN ((a & 65535) << 16) | (b & 65535)
        WHEN c = 10 AND NOT (a BETWEEN 48 AND 57 AND b BETWEEN 48 AND 57) THEN NULL
        WHEN c < 128 THEN (a << 14) | (b << 7) | c
        END AS number
    FROM (
        SELECT ascii(a) AS a, ascii(b) AS b, ascii(c) AS c
        FROM (SELECT string_to_array($1, NULL) AS chars) AS text,
            LATERAL unnest(chars, chars[2:], chars[3:]) AS near (a, b, c)
        WHERE b IS NOT NULL
    ) AS codes
) AS numbers WHERE number IS NOT NULL
"""

FUNCTIONS = {
    "kokyaku_fold_text": ("text", f"SELECT {_without(_same_letters('$1'), fold.REMOVED)}"),
    "kokyaku_fold_name": ("text", f"SELECT {_without(_NAME, fold.REMOVED)}"),
    "kokyaku_sort_key": (
        "text",
        f"SELECT btrim({_without(_NAME, fold.REMOVED_BUT_SPACE)}, ' ')",
    ),
    "kokyaku_fold_phone": (
        "text",
        f"SELECT btrim({_without(_AT_HOME, phone.NO_DIGITS)}, E'\\n')",
    ),
    "kokyaku_grams": ("int[]", _GRAMS),
}
"""By the function's name: what it returns, and its body. Each takes one text."""
