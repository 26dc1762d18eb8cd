"""What the parts of a file must know of the parts before them: which keys occurred already."""

import numpy as np

_LARGEST = 1 << 20  # numbers of a piece
_JOINED = 20  # parts


class Seen:
    """How often numbers occurred: 8 bytes for each, in sorted pieces.

    What was asked for last waits outside the pieces, so that it can be taken back.
    """

    def __init__(self):
        self.pieces, self.waiting = [], None

    def count(self, numbers):
        """Return how often each number occurred before, in earlier parts and above it in this
        one, and remember them."""
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
        self.waiting = ordered
        result = np.empty_like(before)
        result[order] = before
        return result

    def keep(self):
        """Put what was asked for last among the pieces."""
        piece, self.waiting = self.waiting, None
        if piece is None or not len(piece):
            return
        while self.pieces and len(self.pieces[-1]) <= len(piece) < _LARGEST:
            piece = np.concatenate([self.pieces.pop(), piece])
            piece.sort()
        self.pieces.append(piece)


class Memory:
    """The ``Seen`` of one reading of a file, by purpose.

    A part may be converted twice (a transaction that is tried again) or not at all (one that
    was done before the server was killed): ``before`` puts the memory right for it.
    """

    def __init__(self, source=None, rows=0):
        self.source, self.rows = source, rows
        self.seen, self.next = {}, 0

    def before(self, number, convert):
        """Make the memory what it was before the part of this number.

        :param convert: function of a frame, for the parts that were passed over
        """
        if number == self.next - 1:
            pass  # what it added still waits, and is replaced
        elif number == self.next:
            self._keep()
        else:
            self.seen = {}
            if number:
                for part in self.source.parts(self.rows):
                    if part.number == number:
                        break
                    part.frame.attrs["memory"] = self
                    convert(part.frame)
                    self._keep()
        self.next = number + 1

    def _keep(self):
        for seen in self.seen.values():
            seen.keep()

    def of(self, name):
        """The ``Seen`` of a purpose; it is asked once for each part."""
        return self.seen.setdefault(name, Seen())

    def added(self):
        """Return what the last part added, as {purpose: bytes}: to be kept for ``recall``."""
        return {
            name: seen.waiting.tobytes()
            for name, seen in self.seen.items()
            if seen.waiting is not None and len(seen.waiting)
        }

    def recall(self, number, added):
        """Know again what an earlier reading of the file knew.

        :param number: of the part that comes next
        :param added: what ``added`` returned of each of the parts before it
        """
        pieces = {}
        for part in added:
            for name, numbers in part.items():
                pieces.setdefault(name, []).append(np.frombuffer(numbers, dtype=np.int64))
        for name, found in pieces.items():
            for begin in range(0, len(found), _JOINED):
                self.of(name).pieces.append(np.sort(np.concatenate(found[begin:begin + _JOINED])))
        self.next = number

    def __deepcopy__(self, _memo):
        return self  # pandas copies the attributes of a frame
