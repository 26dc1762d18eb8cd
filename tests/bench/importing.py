"""The line import_sales: a file of sales out of another program, CP932, with Japanese headings."""

import csv
import tempfile
from pathlib import Path

import place

from . import floors
from .filing import _memory
from .measuring import Line, same, sides

LINES = {"S": 100_000, "M": 1_000_000, "L": 10_000_000}
HEADINGS = (
    "伝票番号 行番号 売上日 得意先コード 氏名 電話番号 "
    "商品コード 商品名 数量 単価 消費税 税抜金額 担当者 店舗"
).split()


def import_sales(database, size, repeats):
    """An import through the background run's own steps, against reading the file by pandas and
    copying the same rows into a table with the same indexes and keys."""
    line, peaks, content = Line("import_sales", size, 2), [], {}
    with tempfile.TemporaryDirectory() as folder, place.environment(database) as env:
        file, rows = Path(folder, "売上.csv"), Path(folder, "rows.copy")
        _write(env, file, LINES[size])
        _forget(env)
        for _, side, warming in sides(repeats):
            target = Line("warm-up", size, 1) if warming else line
            if side == "ours":
                import_ = _prepared(env, file)
                before = _memory("VmRSS", reset_peak=True)
                with target.timing(side):
                    while import_._read_parts(import_.run_id):
                        pass
                peaks.append(_memory("VmHWM") - before)
                content[side] = _content(env, "kokyaku_sales_record")
                same("lines", import_.new_count, LINES[size])
                floors.importing.keep_rows(env.cr, str(rows))
                _forget(env)
            elif rows.exists():
                floors.importing.create_table(env.cr)
                env.cr.commit()
                with target.timing(side):
                    floors.importing.import_sales(env.cr, str(file), str(rows))
                    env.cr.commit()
                content[side] = _content(env, "floor.sales")
                env.cr.execute("DROP TABLE floor.sales")
                env.cr.commit()
        same("imported lines", content["ours"], content["floor"])
    line.limit("MB", max(peaks), 300)
    return line


def _write(env, path, lines):
    """Write sales of the benchmark's customers and products, some to nobody we know."""
    env.cr.execute("SELECT count(*) FROM res_partner WHERE ref LIKE 'K________'")
    [customers] = env.cr.fetchone()
    with open(path, "w", encoding="cp932", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        slip, number = 0, 0
        for line in range(lines):
            number += 1
            if number > 1 + (slip * 2654435761) % 5:
                slip, number = slip + 1, 1
            buyer = (slip * 40503) % (customers + customers // 10) + 1
            item, amount = (line * 7919) % 1000, 100 + (line * 104729) % 9000
            day = slip * 1800 // lines
            writer.writerow((
                f"R{slip:08}", number,
                f"{2021 + day // 360}/{day % 360 // 30 + 1:02}/{day % 30 % 28 + 1:02}",
                f"K{buyer:08}", "", f"03-{buyer % 10000:04}-{slip % 10000:04}",
                f"B{item:04}", f"商品 {item:04}", 1 + line % 3, amount, amount // 10, amount,
                f"担当{slip % 20:02}", f"店舗{slip % 7}",
            ))


def _prepared(env, path):
    """An import that is about to read its first part."""
    from odoo.addons.kokyaku_crm.reading import SourceFile, recognise

    source = SourceFile.open(path)
    mapping = recognise(source.headings, source.samples)
    mapping.options["tax_included"] = False
    with open(path, "rb") as file:
        import_ = env["kokyaku.import"]._receive(file, path.name)
    import_.write({"kind": "sales", "source": "bench", "mapping": mapping.to_json()})
    import_.action_start()
    env.cr.commit()
    return import_


def _forget(env):
    """Take the imported lines away again, and the changes the portfolio was told of."""
    env.cr.execute(
        "TRUNCATE kokyaku_sales_record CASCADE; DELETE FROM kokyaku_portfolio_change;"
        " DELETE FROM kokyaku_run WHERE kind = 'import'"
    )
    env.invalidate_all(flush=False)
    env["kokyaku.import"].search([]).write({"state": "undone"})
    env["kokyaku.import"].search([]).unlink()
    env.cr.commit()


def _content(env, table):
    env.cr.execute(floors.importing.CONTENT.format(table=table))
    return env.cr.fetchone()
