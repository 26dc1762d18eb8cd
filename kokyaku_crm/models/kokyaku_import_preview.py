from datetime import date

from odoo import models

from .import_reader import reading

PREVIEWED = 20  # rows


class KokyakuImport(models.Model):
    """The first rows of a file as they would be stored, with what is wrong with which."""

    _inherit = "kokyaku.import"

    def preview(self, layout, mapping):
        """Convert the first rows as they would be stored.

        :param dict layout: as ``SourceFile.layout``
        :param dict mapping: as ``Mapping.to_json()``
        :return: dict with ``columns`` (target, label), ``rows`` (row, cells, problems by column,
            reason, state: ok, warning, rejected, left_out), ``lacking`` (sentences)
        """
        self.ensure_one()
        self._check_draft()
        package = reading(self.env)
        mapping = package.Mapping.from_json(mapping)
        mapping.options["decimals"] = self.env.company.currency_id.decimal_places
        lacking = self._lacking_text(mapping)
        path, is_copy = self._file_on_disk()
        try:
            source = package.SourceFile.open(path, name=self.file_name, layout=layout)
            part = next(source.parts(rows=PREVIEWED, small=True))
            if lacking:
                return {"columns": [], "rows": [], "lacking": lacking}
            frame, rejects = package.convert(part.frame, mapping, source.headings)
        except package.UnreadableFile as error:
            return {"columns": [], "rows": [], "lacking": [self._unreadable_text(error)]}
        finally:
            self._forget(path, is_copy)
        return self._preview_of(part, frame, [*part.rejects, *rejects], mapping)

    def _lacking_text(self, mapping):
        """Return what stands in the way of this import: a list of sentences."""
        products = self.env["product.product"]
        if mapping.kind == "products" and not products.has_access("create"):
            return [
                self.env._(
                    "You may not enter products, so this file can be imported by somebody who may "
                    "only. Please ask the administrator for the right to create products."
                )
            ]
        labels = self._targets()[mapping.kind]
        return [
            self.env._(
                "Please say which column holds: %s",
                self.env._(" or ").join(f"“{labels[target]}”" for target in group),
            )
            for group in mapping.lacking()
        ]

    def _preview_of(self, part, frame, rejects, mapping):
        labels = self._targets()[mapping.kind]
        filled = [
            target
            for target in labels
            if target in frame and any(_shown(value) for value in frame[target])
            and (target != "external_key" or mapping.position_of(target))
        ]
        if "amount" in labels and mapping.options.get("tax_included") is not None:
            labels = labels | {"amount": self.env._("Amount without Tax")}
        whole = reading(self.env).HELPERS[mapping.kind]  # 郵便番号1 is shown as a part of 郵便番号
        mapped = {
            column.heading: column.target if column.target in filled
            else whole.get(column.target, column.target)
            for column in mapping.columns if column.target
        }  # fmt: skip
        rows = {}
        for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
            problems = {
                mapped.get(heading, ""): self._said_of(heading, code)
                for heading, code in values.get("warnings") or ()
            }
            rows.setdefault(int(row), []).append(
                {
                    "row": int(row),
                    "cells": {target: self._cell(values[target]) for target in filled},
                    "problems": problems,
                    "state": "warning" if problems else "ok",
                    "reason": "\n".join(problems.values()),
                }
            )
        left_out = reading(self.env).LEFT_OUT
        for reject in rejects:
            cells = {}
            if reject.row in part.frame.index:
                values = part.frame.loc[reject.row].tolist()
                for column in reversed(mapping.columns):
                    if column.target in filled:
                        cells[column.target] = values[column.position]
            target = mapped.get(reject.column, "")
            reason = self._said_of(reject.column, reject.code, reject.value)
            rows.setdefault(int(reject.row), []).append(
                {
                    "row": int(reject.row),
                    "cells": cells or {"": (reject.raw or "")[:200]},
                    "problems": {target: reason},
                    "state": "left_out" if reject.code in left_out else "rejected",
                    "reason": reason,
                }
            )
        return {
            "columns": [{"target": target, "label": labels[target]} for target in filled],
            "rows": [one for row in sorted(rows) for one in rows[row]],
            "lacking": [],
        }

    def _said_of(self, column, code, value=""):
        """Return the column, what stands in it, and the reason: 生年月日「2026/2/30」: …"""
        what = f"{column}「{value}」" if column and value else column or value
        reason = self.env["kokyaku.import.reject"]._reasons().get(code) or code
        return f"{what}: {reason}" if what else reason

    def _cell(self, value):
        if isinstance(value, bool):
            return self.env._("Yes") if value else ""
        words = {
            "male": self.env._("Male"),
            "female": self.env._("Female"),
            "yes": self.env._("Yes"),
            "no": self.env._("No"),
        }
        text = _shown(value)
        return words.get(text, text)


def _shown(value):
    """A value as a text on the screen.

    >>> _shown(1234.5), _shown(None), _shown(date(2026, 5, 3)), _shown(float("nan"))
    ('1,234.5', '', '2026/05/03', '')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return ""
    if isinstance(value, date):
        return value.strftime("%Y/%m/%d")
    if isinstance(value, float):
        return f"{value:,.10g}" if value % 1 else f"{value:,.0f}"
    return str(value) if value is not False else ""
