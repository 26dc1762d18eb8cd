"""Reading customers, sales and products from the files of other programs, in plain Python.

``source``       a file, recognised and read part by part in constant memory: ``layouts`` finds
                 encoding, separator and headings, ``text_file`` and ``records`` read text,
                 ``workbook_file`` reads Excel's.
``recognition``  which column is what: by ``headings``, contents, and ``profiles`` kept ready.
``mapping``      the outcome, to be corrected and kept by the user.
``converting``   texts made into values by it: ``customers``, ``sales``, ``products``, which use
                 ``columns``, ``values``, ``addresses`` and ``memory``.
``vcard``        one person's card as text, and files of such cards.
``errors``       what may be wrong, as codes.

How to use::

    source = SourceFile.open(path, name="受注.csv")
    mapping = recognise(source.headings, source.samples)
    for part in source.parts():
        rows, rejects = convert(part.frame, mapping, source.headings)
        rejects = part.rejects + rejects

Every row of the file that is not blank is in ``rows`` or in the rejects, once. Nothing here knows
Odoo. pandas is needed to read, not to import this package.
"""

from . import vcard
from .errors import LEFT_OUT, Reject, UnreadableFile
from .mapping import HELPERS, OUT_ONLY, REQUIRED, TARGETS, Column, Mapping
from .profiles import PROFILES
from .recognition import from_mapping, from_profile
from .recognition import recognise as _recognise
from .source import SourceFile

__all__ = [
    "HELPERS",
    "LEFT_OUT",
    "OUT_ONLY",
    "PROFILES",
    "REQUIRED",
    "TARGETS",
    "Column",
    "Mapping",
    "Reject",
    "SourceFile",
    "UnreadableFile",
    "convert",
    "from_mapping",
    "from_profile",
    "recognise",
    "vcard",
]


def convert(frame, mapping, headings):
    """Convert the frame of a ``Part``.

    :return: (rows, rejects). ``rows``: DataFrame with every target of the mapping's kind as a
        column (see ``TARGETS`` for the types), the line in the file as index, and ``warnings``:
        for each row a list of (heading, code) of what is stored and to be looked at, ``()``
        where there is nothing.
        ``rows.attrs["mapped"]``: the targets the file has columns for. ``rejects``: list of
        ``Reject``; those with a code of ``LEFT_OUT`` are left out by the user's own mapping.
        Of sales, ``rows.attrs["excluded"]``: the keys of lines in an excluded state.
    """
    from .converting import convert as converted  # noqa: PLC0415 - needs pandas

    return converted(frame, mapping, headings)


def recognise(headings, samples, kind=None):
    """Propose which column of a file is what.

    :param headings: of ``SourceFile``
    :param samples: of ``SourceFile``
    :param kind: the kind of file the user says it is; None: whatever it looks like
    :return: a ``Mapping``, its ``profile`` the code of the ready profile that fits, or ""
    """
    return _recognise(headings, samples, kind)
