"""From lines with かつ・または・除く and brackets to one expression.

A criterion stands on a line of its own, with a connector in front and perhaps brackets around
it, as in the query forms office workers know. ``except`` (除く) takes out whoever meets what
follows it. As in arithmetic, ``and`` and ``except`` bind before ``or``.
"""

AND, OR, EXCEPT = "and", "or", "except"


class BracketError(ValueError):
    """The brackets do not match.

    :ivar code: ``not_open`` (closed without being opened) or ``not_closed``
    :ivar line: number of the line, from 0, where it was noticed
    """

    def __init__(self, code, line):
        super().__init__(f"{code} in line {line}")
        self.code = code
        self.line = line


def parse(lines):
    """Return the expression of `lines`.

    :param lines: list of (connector, brackets opened before, brackets closed after); the
        first connector counts only if it is ``except``
    :return: ``("leaf", line)``, ``("not", expression)``, ``("and", [expression …])`` or
        ``("or", [expression …])``; None without lines
    :raises BracketError:

    >>> parse([("and", 1, 0), ("or", 0, 1), ("except", 0, 0)])
    ('and', [('or', [('leaf', 0), ('leaf', 1)]), ('not', ('leaf', 2))])
    """
    if not lines:
        return None
    # Each level of brackets: list of alternatives, each a list of what has to hold together;
    # and the connector in front of the bracket.
    levels = [([[]], AND, 0)]
    for number, (connector, opened, closed) in enumerate(lines):
        for _bracket in range(opened or 0):
            levels.append(([[]], connector, number))
            connector = AND  # it belonged to the bracket
        _put(levels[-1][0], connector, ("leaf", number))
        for _bracket in range(closed or 0):
            if len(levels) == 1:
                raise BracketError("not_open", number)
            inside, before, _start = levels.pop()
            _put(levels[-1][0], before, _whole(inside))
    if len(levels) > 1:
        raise BracketError("not_closed", levels[-1][2])
    return _whole(levels[0][0])


def _put(alternatives, connector, expression):
    if connector == OR and alternatives[-1]:
        alternatives.append([])
    alternatives[-1].append(("not", expression) if connector == EXCEPT else expression)


def _whole(alternatives):
    parts = [_joined(AND, together) for together in alternatives]
    return _joined(OR, parts)


def _joined(operator, parts):
    """`parts` joined; those that are joined the same way become one."""
    flat = []
    for part in parts:
        flat += part[1] if part[0] == operator else [part]
    return flat[0] if len(flat) == 1 else (operator, flat)
