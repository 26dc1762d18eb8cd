"""How a line is measured, judged and printed."""

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

HEADS = ("name", "size", "ours", "floor", "ratio", "budget", "verdict")


@dataclass
class Line:
    """One line of the table: the seconds of our work and of its floor."""

    name: str
    size: str
    budget: float  # the largest ratio allowed
    ours: list = field(default_factory=list)
    floor: list = field(default_factory=list)
    limits: list = field(default_factory=list)
    """Further limits, each a triple: what, the measured figure, the largest allowed."""

    @property
    def ours_s(self):
        return median(self.ours)

    @property
    def floor_s(self):
        return median(self.floor)

    @property
    def ratio(self):
        return self.ours_s / self.floor_s

    @property
    def ok(self):
        return self.ratio <= self.budget and all(most >= found for _, found, most in self.limits)

    def allow_seconds(self, seconds):
        """Let the budget be at least so many seconds, whatever the floor."""
        self.budget = max(self.budget, seconds / self.floor_s)

    def limit(self, what, found, most):
        self.limits.append((what, found, most))

    @contextmanager
    def timing(self, side):
        """Time what happens inside as one measurement of ``ours`` or ``floor``."""
        started = time.perf_counter()
        yield
        getattr(self, side).append(time.perf_counter() - started)

    def as_dict(self):
        return {
            "name": self.name,
            "size": self.size,
            "ours_s": round(self.ours_s, 4),
            "floor_s": round(self.floor_s, 4),
            "ratio": round(self.ratio, 3),
            "budget": round(self.budget, 3),
            "ok": self.ok,
        }

    def row(self):
        verdict = "ok" if self.ok else "TOO SLOW"
        extra = [f"{what} {found:.0f} of {most:.0f}" for what, found, most in self.limits]
        return (
            self.name, self.size, seconds(self.ours_s), seconds(self.floor_s),
            f"{self.ratio:.2f}", f"{self.budget:.2f}", ", ".join([verdict, *extra]),
        )


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def sides(repeats):
    """Yield (number, side, is warm-up) so that both sides alternate, each first in turn."""
    for number in range(-1, repeats):
        for side in ("ours", "floor") if number % 2 else ("floor", "ours"):
            yield number, side, number < 0


def table(lines):
    rows = [HEADS, *(line.row() for line in lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def write_json(lines, path):
    with open(path, "w") as file:
        json.dump([line.as_dict() for line in lines], file, indent=1)


class ResultsDiffer(Exception):
    """Ours and the floor's results are not the same: one of them skipped work."""


def same(what, ours, floor):
    """Raise unless both results are equal."""
    if ours != floor:
        raise ResultsDiffer(f"{what}: ours {ours!r}, floor {floor!r}")
