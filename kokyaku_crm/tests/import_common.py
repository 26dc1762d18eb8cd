import io
from contextlib import contextmanager
from unittest.mock import patch

from .common import KokyakuCase

SALES = """伝票番号,売上日,顧客コード,氏名,商品名,数量,金額
1001,2026/05/01,K-001,黒木 健一,緑茶,2,2000
1002,2026/05/02,K-002,鈴木 三郎,湯呑み,1,3000
1003,2026/2/30,K-003,春山 ひとみ,緑茶,1,1000
1004,2026/05/04,K-003,春山 ひとみ,緑茶,1,千円
1005,2026/05/05,K-003,春山 ひとみ,緑茶,3,3000
"""


class ImportCase(KokyakuCase):
    """Files on their way in. Where the rows would be stored they are only counted, so that what
    is tested is the way there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["kokyaku.import"].with_user(cls.clerk)
        cls.runs = cls.env["kokyaku.run"]
        cls.runs.search([("state", "in", ("queued", "running"))]).write({"state": "cancelled"})

    def setUp(self):
        super().setUp()
        self.stored = []  # row numbers, as they were handed over

    def _file(self, text=SALES, name="売上.csv", encoding="cp932"):
        content = text if isinstance(text, bytes) else text.encode(encoding)
        return self.imports._receive(io.BytesIO(content), name)

    def _set_up(self, import_, **setup):
        """Start an import as the screen does, as proposed."""
        file = import_.look()
        self.assertFalse(file["problem"])
        import_.begin(
            {"layout": file["layout"], "mapping": file["mapping"], "source": "レジ", **setup}
        )
        return file

    @contextmanager
    def _storing(self, store=None, rows=None):
        """Have the rows counted instead of stored; `rows`: of a part."""

        def load(import_, frame):
            self.stored += frame.index.tolist()
            return (store and store(frame)) or {"new": len(frame)}

        imports = type(self.env["kokyaku.import"])
        loaders = patch.object(imports, "_loader", lambda import_: lambda f: load(import_, f))
        after = patch.object(imports, "_after_reading", lambda *words: None)
        module = "odoo.addons.kokyaku_crm.models.import_reader.PART_ROWS"
        with loaders, after, patch(module, rows or 50_000):
            yield

    def _work(self, **how):
        with self._storing(**how):
            self.runs._work()

    def _rejects(self, import_):
        return import_.reject_ids.filtered(lambda one: not one.is_warning and not one.is_left_out)
