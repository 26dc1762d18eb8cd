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
SELECT array_agg(piece) FROM (
    SELECT CASE
        WHEN b = E'\\n' THEN NULL
        WHEN octet_length(a) > 1 OR octet_length(b) > 1 THEN a || b
        WHEN c = E'\\n' AND (a || b) !~ '^[0-9]{2}$' THEN NULL
        WHEN octet_length(c) = 1 THEN a || b || c
        END AS piece
    FROM (SELECT string_to_array($1, NULL) AS chars) AS text,
        LATERAL unnest(chars, chars[2:], chars[3:]) AS near (a, b, c)
    WHERE b IS NOT NULL
) AS pieces WHERE piece IS NOT NULL
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
    "kokyaku_grams": ("text[]", _GRAMS),
}
"""By the function's name: what it returns, and its body. Each takes one text."""
