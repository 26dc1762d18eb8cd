from contextlib import contextmanager
from unittest.mock import patch

import pandas as pd

from .common import KokyakuCase

LINE = {
    "external_key": "1001-1",
    "slip": "1001",
    "date": "2026-05-10",
    "customer_code": "",
    "name": "",
    "product_code": "",
    "product_name": "緑茶",
    "quantity": "1",
    "amount": 1000.0,  # as the reader gives it: without the tax
    "tax": 80.0,
}


class SalesCase(KokyakuCase):
    """Files of sales as the reader gives them to the loading."""

    def setUp(self):
        super().setUp()
        self.records = self.env["kokyaku.sales.record"]
        self.import_ = self._import()

    def _import(self, source="店舗レジ", **values):
        return self.env["kokyaku.import"].create(
            {
                "kind": "sales",
                "source": source,
                "file_name": "売上.csv",
                "company_id": self.company.id,
                **values,
            }
        )

    def _rows(self, *lines, first=2):
        """The frame of a part; each line is what differs from ``LINE``."""
        frame = pd.DataFrame([{**LINE, **line} for line in lines])
        frame.index = range(first, first + len(frame))
        return frame

    def _load(self, *lines, import_=None, first=2):
        """Load a part; return its counts."""
        return self.records._load(import_ or self.import_, self._rows(*lines, first=first))

    def _stored(self, **values):
        domain = [("company_id", "=", self.company.id)]
        return self.records.search(
            domain + [(name, "=", value) for name, value in values.items()], order="external_key"
        )

    @contextmanager
    def _refusing(self):
        """Collect the rows that are given back: a list of (row, value, code)."""
        refused = []

        def reject(_self, rows):
            refused.extend((row.row, row.value, row.code) for row in rows)

        with patch.object(type(self.import_), "_reject", reject, create=True):
            yield refused
