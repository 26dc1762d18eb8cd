"""The stage of setup/test that is Odoo's own: install the add-ons, run their tests."""

import re

from .databases import CORE, Databases
from .network import free_port
from .paths import CHECKOUT
from .stages import Outcome, execute

DATABASE = "kokyaku_odoo_tests"
RESULT = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): ")
FAILED = re.compile(r" (FAIL|ERROR): (\S+\.\S+)$", re.M)
MOST_LINES = 200
LINES_PER_ENTRY = 25


def run(site, names):
    """Install the add-ons into a copy of the template and run their tests there.

    Besides the tests themselves, a log without warnings and each add-on having had its tests run
    count as a test each.
    """
    databases = Databases(site)
    databases.copy(CORE, DATABASE)
    code, said, log = execute(
        site,
        "odoo",
        site.odoo(
            *("server", "-d", DATABASE, "-i", ",".join(names), "--stop-after-init"),
            *("--test-tags", ",".join(f"/{name}" for name in names)),
            *("--http-port", str(free_port())),
        ),
    )
    results = RESULT.findall(said)
    if not results:
        troubles = "\n".join(entries(said, "WARNING", "ERROR", "CRITICAL")) or said[-3000:]
        return Outcome(failed=1, report=_shortened(f"No tests ran.\n{troubles}\n(from {log})"))
    failures, errors, total = (sum(map(int, column)) for column in zip(*results, strict=True))
    outcome = Outcome(passed=max(total - failures - errors, 0), failed=failures + errors)
    report = []
    for name in names:
        if re.search(rf"odoo\.tests\.stats: {name}: [1-9]\d* tests", said):
            outcome.passed += 1
        elif any((CHECKOUT / name / "tests").glob("test_*.py")):
            outcome.failed += 1
            report.append(f"None of the tests of {name} ran.")
    troubles = list(entries(said, "WARNING", "ERROR", "CRITICAL"))
    report += [f"{kind}: {name}" for kind, name in FAILED.findall(said)]
    report += troubles
    if troubles or code:
        outcome.failed += not outcome.failed
    else:
        outcome.passed += 1
    if outcome.failed:
        report.append(f"(from {log})")
        outcome.report = _shortened("\n".join(report))
    else:
        databases.drop(DATABASE)
    return outcome


def entries(said, *levels):
    """The entries of an Odoo log at these levels, each with the lines that belong to it."""
    entry = []
    for line in [*said.splitlines(), None]:
        head = ENTRY.match(line) if line is not None else None
        if line is None or head:
            if entry:
                yield "\n".join(entry[:LINES_PER_ENTRY])
            entry = [line] if head and head["level"] in levels else []
        elif entry:
            entry.append(line)


def _shortened(report):
    lines = report.splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} lines more"]
    return "\n".join(lines)
