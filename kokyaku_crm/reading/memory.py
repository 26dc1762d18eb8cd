"""What the parts of a file must know of the parts before them: which keys occurred already."""

import numpy as np


class Seen:
    """How often numbers occurred: 8 bytes for each, in sorted pieces of doubling length."""

    def __init__(self, pieces=()):
        self.pieces = list(pieces)

    def count(self, numbers):
        """Return how often each number occurred before, in earlier parts and above it in this
        one, and add them."""
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        before = np.zeros(len(numbers), dtype=np.int64)
        for piece in self.pieces:
            begin = np.searchsorted(piece, ordered)
            begin[begin == len(piece)] = 0
            hits = (piece[begin] == ordered).nonzero()[0]
            if len(hits):
                before[hits] += np.searchsorted(piece, ordered[hits], "right") - begin[hits]
        again = ordered[1:] == ordered[:-1]
        if again.any():
            at = np.arange(len(numbers))
            first = np.concatenate([[True], ~again])
            before += at - np.maximum.accumulate(np.where(first, at, 0))
        self._add(ordered)
        result = np.empty_like(before)
        result[order] = before
        return result

    def _add(self, piece):
        while self.pieces and len(self.pieces[-1]) <= len(piece):
            piece = np.sort(np.concatenate([self.pieces.pop(), piece]), kind="stable")
        if len(piece):
            self.pieces.append(piece)


class Memory:
    """The ``Seen`` of one reading of a file, by purpose.

    A part may be converted twice (a transaction that is tried again) or not at all (one that
    was done before the server was killed): ``before`` puts the memory right for it.
    """

    def __init__(self, source=None, rows=0):
        self.source, self.rows = source, rows
        self.seen, self.kept, self.next = {}, {}, 0

    def before(self, number, convert):
        """Make the memory what it was before the part of this number.

        :param convert: function of a frame, for the parts that were passed over
        """
        if number == self.next - 1:
            self.seen = {name: Seen(pieces) for name, pieces in self.kept.items()}
        elif number != self.next:
            self.seen = {}
            if number:
                for part in self.source.parts(self.rows):
                    if part.number == number:
                        break
                    part.frame.attrs["memory"] = self.passing(part.number)
                    convert(part.frame)
        self.kept = {name: list(seen.pieces) for name, seen in self.seen.items()}
        self.next = number + 1

    def passing(self, number):
        """This memory for a part that is only passed over."""
        self.next = number
        return self

    def of(self, name):
        return self.seen.setdefault(name, Seen())

    def __deepcopy__(self, _memo):
        return self  # pandas copies the attributes of a frame
