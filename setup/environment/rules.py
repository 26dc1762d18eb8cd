"""Runs the add-ons' unit tests that need no database; prints what failed and the counts.

Runs with the Python that has Odoo. Plain ``unittest`` cases are found by this run only: Odoo's
own run passes over them.
"""

import importlib
import json
import sys
import unittest
from pathlib import Path

from odoo.tests import TransactionCase
from odoo.tools import config


def main(checkout, *names):
    config.parse_config(["--log-level", "warn"], setup_logging=True)
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case)
        for name in names
        for path in sorted(Path(checkout, name, "tests").glob("test_*.py"))
        for case in _cases_without_database(f"odoo.addons.{name}.tests.{path.stem}")
    )
    result = unittest.TextTestRunner(stream=sys.stdout, buffer=True).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.skipped)
    print(json.dumps({"passed": result.testsRun - failed, "failed": failed}))


def _cases_without_database(module):
    for value in vars(importlib.import_module(module)).values():
        is_case = isinstance(value, type) and issubclass(value, unittest.TestCase)
        if is_case and value.__module__ == module and not issubclass(value, TransactionCase):
            yield value


if __name__ == "__main__":
    main(*sys.argv[1:])
