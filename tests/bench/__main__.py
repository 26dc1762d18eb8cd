"""``setup/bench``: measure the product against its floors and print one table."""

import argparse
import sys

import place

from . import data
from .lines import LINES
from .measuring import ResultsDiffer, table, write_json

REPEATS = {"S": 5, "M": 3, "L": 3}


def main():
    parser = argparse.ArgumentParser(prog="setup/bench", description=__doc__)
    parser.add_argument("--scale", choices=data.SIZES, default="S", help="size of the data")
    parser.add_argument("--only", nargs="+", choices=LINES, metavar="NAME", help=", ".join(LINES))
    parser.add_argument(
        "--repeats", type=int, metavar="N",
        help="measure each line so often; usually "
        + ", ".join(f"{number} times at {size}" for size, number in REPEATS.items()),
    )
    parser.add_argument("--json", metavar="FILE", help="write the results to a file too")
    parser.add_argument("--fresh", action="store_true", help="make the data anew")
    words = parser.parse_args()
    wanted = words.only or [name for name in LINES if LINES[name].applies(words.scale)]

    repeats = words.repeats or REPEATS[words.scale]

    database = data.prepare(words.scale, words.fresh)
    lines, problems = [], []
    try:
        for name in wanted:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                line = LINES[name].measure(database, words.scale, repeats)
                lines.append(line)
                print(f"  {line.ratio:.2f} of {line.budget:.2f}", file=sys.stderr, flush=True)
            except ResultsDiffer as difference:
                problems.append(f"{name}: the results differ, nothing was compared: {difference}")
    finally:
        place.forget(database)
    print(table(lines))
    print(*problems, sep="\n")
    if words.json:
        write_json(lines, words.json)
    return 1 if problems or not all(line.ok for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
