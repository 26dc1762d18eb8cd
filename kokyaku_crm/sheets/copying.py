"""Columns of a table made into what PostgreSQL's COPY reads."""

import io

import numpy as np

EXACT = 2.0**53  # up to here a float holds every whole number


def texts(column, kind="varchar", default=""):
    """Return the values of a column as a list of texts; none is the `default`.

    :param column: pandas Series of texts, numbers, days or truth values
    :param kind: the type of the column in the database

    >>> import pandas as pd
    >>> texts(pd.Series([1.0, None, 2.5]), "numeric", "0")
    ['1', '0', '2.5']
    >>> texts(pd.Series(["a", None, ""]))
    ['a', '', '']
    """
    nature = column.dtype.kind
    if nature == "f":
        found = _numbers(column.to_numpy())
    elif nature == "M":
        found = column.to_numpy().astype("datetime64[D]").astype(str).tolist()
        found = ["" if text == "NaT" else text for text in found]
    elif nature == "b":
        found = ["t" if value else "f" for value in column.tolist()]
    elif column.dtype == "str":
        found = column.fillna("").tolist()
    else:
        found = column.tolist()
        if set(map(type, found)) != {str}:
            missing = column.isna().tolist()
            found = ["" if gone else str(one) for one, gone in zip(found, missing, strict=True)]
    return [text or default for text in found] if default else found


def _numbers(values):
    missing = np.isnan(values)
    whole = ~missing & (np.floor(values) == values) & (np.abs(values) < EXACT)
    if whole.all():
        return list(map(str, values.astype(np.int64).tolist()))
    found = np.full(len(values), "", dtype=object)
    found[whole] = list(map(str, values[whole].astype(np.int64).tolist()))
    rest = ~missing & ~whole
    found[rest] = list(map(repr, values[rest].tolist()))
    return found.tolist()


def copy_text(columns):
    """Return the file that ``COPY … FROM STDIN (NULL '')`` reads: one line per row.

    Escaping costs more than all the rest, and few files need it: it is done only when the
    finished text has other separators than it should.

    :param columns: lists of texts, all of one length

    >>> copy_text([["1", "2"], ["a", ""]]).read()
    '1\\ta\\n2\\t\\n'
    >>> copy_text([["1"], ["a\\tb"]]).read()
    '1\\ta\\\\tb\\n'
    """
    rows, width = len(columns[0]), len(columns)
    text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    clean = text.count("\t") == rows * (width - 1) and text.count("\n") == rows - 1
    if not clean or "\\" in text or "\r" in text or "\0" in text:
        columns = [[_escaped(value) for value in column] for column in columns]
        text = "\n".join(map("\t".join, zip(*columns, strict=True)))
    return io.StringIO(text + "\n")


def _escaped(value):
    for raw, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "")):
        if raw in value:
            value = value.replace(raw, escape)
    return value
