import pandas as pd

from .common import KokyakuCase


class ImportPeopleCase(KokyakuCase):
    """A file of customers on its way in, as ``reading.convert`` hands it over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.partner.key"]._fill()
        cls.lines = cls.env["kokyaku.import.person"]

    def _import(self, *rows, name="名簿.csv", options=None, columns=(), user=None):
        """Stage and match rows (dicts of targets); return the import."""
        env = self._as(user or self.clerk)
        import_ = env["kokyaku.import"].sudo().create(
            {
                "kind": "customers",
                "file_name": name,
                "company_id": self.company.id,
                "state": "running",
                "user_id": env.uid,
                "mapping": {"columns": list(columns), "options": options or {}},
            }
        )
        import_ = import_.sudo(False)
        frame = pd.DataFrame(rows, index=range(2, len(rows) + 2)).fillna("")
        env["kokyaku.import.person"]._stage(import_, frame)
        env["kokyaku.import.person"]._match(import_)
        return import_

    def _apply(self, import_):
        counts = import_.env["kokyaku.import.person"]._apply(import_)
        self.env.invalidate_all()
        return counts

    def _lines(self, import_):
        return self.lines.search([("import_id", "=", import_.id)], order="row")

    def _verdicts(self, import_):
        return self._lines(import_).mapped("verdict")

    def _doubts(self, import_):
        rejects = self.env["kokyaku.import.reject"].search([("import_id", "=", import_.id)])
        return [(one.row, one.column or "", one.value or "", one.code) for one in rejects]
