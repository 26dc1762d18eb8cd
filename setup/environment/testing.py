"""setup/test: everything tested, in stages of which two run at a time."""

import argparse
import os
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed

from . import odoo_tests, space, stages
from .databases import Databases
from .messages import Problem, say, step
from .paths import TESTS, addons
from .preparing import prepare, preparing
from .site import Site
from .stages import Outcome

AT_A_TIME = 2
STAGES = ("lint", "rules", "odoo", "scenarios", "bench")
# What a stage adds on the disk at most, in GB. Of the scenarios the import of the real year takes
# most: 2.4 GB of databases and 1.9 GB of PostgreSQL's log were measured.
SPACE = {"odoo": 0.5, "scenarios": 5, "bench": 1}
SPACE_FOR_SOME = 1  # when only some tests are run, for which nobody knows
# Databases that the test files of these names share. They are kept for the next run, where there
# is one: a machine that tests once and is thrown away (CI is set) has them dropped when the last
# of the files is through.
SHARED = {"kokyaku_real": ("test_import_real.py", "test_real_data.py"), "kokyaku_full": ("test_",)}


def test(words):
    """Run the stages; the last line counts what passed and what failed.

    :return: 0 when all stages ran something and nothing failed
    """
    parser = argparse.ArgumentParser(
        prog="setup/test",
        description="Tests everything. Other options go to pytest, which then runs alone.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--only", nargs="+", choices=STAGES, metavar="STAGE", help=f"of {', '.join(STAGES)}"
    )
    choices, for_pytest = parser.parse_known_args(words)
    if choices.only and for_pytest and "scenarios" not in choices.only:
        raise Problem(f"Only the stage scenarios takes {' '.join(for_pytest)}: add it to --only.")
    wanted = choices.only or (["scenarios"] if for_pytest else STAGES)
    began = time.monotonic()
    prepare()
    site = Site("test")
    gigabytes = SPACE_FOR_SOME if for_pytest else sum(SPACE.get(stage, 0) for stage in wanted)
    space.check(gigabytes * space.GB, "The tests' databases", site.cluster.folder, site.data)
    with site.open():
        if set(wanted) - {"lint", "rules"}:
            with preparing():
                Databases(site).ensure_core()
        outcomes = _run(_tasks(site, wanted, for_pytest), site)
    return _conclusion(outcomes, time.monotonic() - began, space.shortage(site.cluster.folder))


def _tasks(site, wanted, for_pytest):
    """The stages as pairs of a name and a function, those that take longest first."""
    tasks = []
    if "odoo" in wanted:
        tasks.append(("odoo", lambda: odoo_tests.run(site, addons())))
    if "scenarios" in wanted:
        files = [None] if for_pytest else sorted(TESTS.rglob("test_*.py"))
        if not files:
            tasks.append(("scenarios", lambda: Outcome(report="There is no tests/test_*.py.")))
        for file in files:
            name = str(file.relative_to(TESTS)) if file else "scenarios"
            words = [file] if file else for_pytest
            tasks.append((name, lambda words=words, name=name: stages.pytest(site, name, words)))
    if "bench" in wanted:
        tasks.append(("bench", lambda: stages.bench(site)))
    if "lint" in wanted:
        tasks += [(name, lambda check=check: check(site)) for name, check in stages.LINTERS]
    if "rules" in wanted:
        tasks.append(("rules", lambda: stages.rules(site, addons())))
    return tasks


def _run(tasks, site):
    """Run the tasks, two at a time, saying how each one ended."""
    outcomes = []
    with step(f"Testing, {AT_A_TIME} stages at a time"), ThreadPoolExecutor(AT_A_TIME) as pool:
        running = {pool.submit(_timed, function): name for name, function in tasks}
        try:
            for future in as_completed(running):
                name, (outcome, seconds) = running[future], future.result()
                say(f"  {name}: {outcome.passed} passed, {outcome.failed} failed, {seconds:.0f} s")
                if outcome.report:
                    say("\n".join(f"    {line}" for line in outcome.report.splitlines()))
                outcomes.append(outcome)
                del running[future]
                if os.environ.get("CI"):
                    _drop_shared(Databases(site), name, set(running.values()))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stages.stop_children()
            raise
    return outcomes


def _drop_shared(databases, ended, left):
    """Drop the databases that a stage which has ended shared with none that is left."""
    for database, files in SHARED.items():
        if ended.startswith(files) and not any(name.startswith(files) for name in left):
            databases.drop(database)


def _timed(function):
    began = time.monotonic()
    try:
        outcome = function()
    except Problem as problem:
        outcome = Outcome(failed=1, report=str(problem))
    except Exception:  # a stage that breaks has failed, and the others go on
        outcome = Outcome(failed=1, report=traceback.format_exc())
    if not outcome.passed and not outcome.failed:
        outcome = Outcome(failed=1, report=f"Nothing ran.\n{outcome.report}")
    return outcome, time.monotonic() - began


def _conclusion(outcomes, seconds, shortage=""):
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    if failed and shortage:
        say(shortage)
    say(f"The tests took {seconds / 60:.1f} minutes.")
    say(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1
