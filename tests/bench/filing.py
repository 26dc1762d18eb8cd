"""The lines that write files: workbook and labels."""

import hashlib
import re
import tempfile
import zipfile
from pathlib import Path

import place

from . import floors
from .measuring import Line, same, sides
from .refreshing import Refreshing

LABELS = 10_000


def workbook(database, size, repeats):
    """The workbook of everyone, against xlsxwriter writing the same cells from memory."""
    refreshing = Refreshing(database, size, repeats)
    refreshing.have_ranks()
    line, peaks = Line("workbook", size, 1.5), []
    with place.environment(database) as env, tempfile.TemporaryDirectory() as folder:
        portfolio = env["kokyaku.portfolio"].browse(refreshing.id)
        rows = _rows(env.cr, refreshing.id)
        ours, floor = Path(folder, "ours.xlsx"), Path(folder, "floor.xlsx")
        for _, side, warming in sides(repeats):
            target = Line("warm-up", "", 1) if warming else line
            before = _memory("VmRSS", reset_peak=True)
            with target.timing(side):
                if side == "ours":
                    portfolio._workbook(str(ours))
                else:
                    floors.filing.workbook(str(floor), rows)
            if side == "ours":  # the first run needs the most: later ones use it again
                peaks.append(_memory("VmHWM") - before)
        same("cells of the workbook", _cells(ours), _cells(floor))
    line.limit("MB", max(peaks), 150)
    return line


def _rows(cr, portfolio):
    """The cells of each tier's sheet, in the order of the tiers."""
    cr.execute("SELECT id, COALESCE(name->>'en_US', '') FROM kokyaku_tier ORDER BY sequence")
    sheets = []
    for tier, name in cr.fetchall():
        cr.execute(
            """SELECT p.ref, p.name, p.email, p.phone, m.amount::float,
                m.first_date - date '1899-12-30', m.last_date - date '1899-12-30',
                m.tenure_days, s.as_of - m.last_date, %s
            FROM kokyaku_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
            JOIN kokyaku_portfolio_state s ON s.portfolio_id = m.portfolio_id
            WHERE m.portfolio_id = %s AND m.tier_id = %s ORDER BY m.amount DESC, m.id""",
            (name, portfolio, tier),
        )
        sheets.append((name, [tuple(row) for row in cr.fetchall()]))
    return sheets


def _cells(path):
    """Number and hash of all cells below the headings of the tier sheets."""
    digest, count = hashlib.sha256(), 0
    with zipfile.ZipFile(path) as book:
        names = [n for n in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)]
        names.sort(key=lambda name: int(re.search(r"\d+", name).group()))
        for name in names[-10:]:
            text = book.read(name).decode()
            for row in re.findall(r"<row [^>]*>(.*?)</row>", text, re.S):
                cells = re.findall(r"<(?:v|t)(?: [^>]*)?>([^<]*)</", row)
                if len(cells) >= 8 and re.fullmatch(r"-?\d+(\.\d+)?", cells[-2]):
                    count += len(cells)
                    digest.update("\0".join(cells).encode())
    return count, digest.hexdigest()[:12]


def _memory(name, reset_peak=False):
    """A figure of this process's memory in MB."""
    if reset_peak:
        Path("/proc/self/clear_refs").write_text("5")
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith(name + ":"):
            return int(row.split()[1]) / 1024
    raise LookupError(name)


# ---- labels ---------------------------------------------------------------------------------


def labels(database, size, repeats):
    """10 000 address labels from the wizard, against reportlab drawing the same strings."""
    line = Line("labels", size, 1.5)
    with place.environment(database) as env:
        env = env(context={"lang": "ja_JP"})
        env.cr.execute(
            """SELECT id FROM res_partner WHERE ref LIKE 'K%%' AND active ORDER BY id
            LIMIT %s""", (LABELS,)
        )
        ids = [row[0] for row in env.cr.fetchall()]
        wizard = env["kokyaku.label.print"].create(
            {"res_model": "res.partner", "selection": {"ids": ids}}
        )
        fixed = _fixed_strings(wizard)
        font = wizard.format_id._font_chain().faces[0].pdf_name
        for _, side, warming in sides(repeats):
            target = Line("warm-up", "", 1) if warming else line
            env.invalidate_all()
            with target.timing(side):
                if side == "ours":
                    plan = wizard._plan(wizard._selected_partner_ids())
                    painter = wizard._painter()
                    for runs in plan.labels:
                        painter.add(runs)
                    ours = painter.finish()
                else:
                    floor = floors.filing.labels(fixed, font)
        same("labels", len(plan.labels), LABELS)
        same("pages and their text", _text(ours), _text(floor))
    return line


def _fixed_strings(wizard):
    """Every string of the labels with its place: per page, (x, y, size in points, text)."""
    from reportlab.lib.units import mm

    geometry = wizard.format_id._geometry()
    pages = []
    for number, runs in enumerate(wizard._plan(wizard._selected_partner_ids()).labels):
        spot = geometry.place(number)
        if spot.sheet == len(pages):
            pages.append([])
        pages[spot.sheet] += [
            ((spot.x + x) * mm, (geometry.page_height - spot.y - y) * mm, size * mm, text)
            for x, y, size, _scale, text in runs
        ]
    return pages


def _text(pdf):
    """Number of pages, and what stands on the first, a middle and the last."""
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    chosen = (pages[0], pages[len(pages) // 2], pages[-1])
    return len(pages), ["".join(page.extract_text().split()) for page in chosen]
