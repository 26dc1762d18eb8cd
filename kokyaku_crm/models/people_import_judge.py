from itertools import accumulate

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..matching import place_key
from ..naming import fold_name
from ..naming.postal import digits_of

PART = 5000  # lines that are judged at once
MOST_PAIRS = 40_000  # and not many more pairs, whatever they share: they stand in memory
SHOWN_CANDIDATES = 5


class KokyakuImportPerson(models.Model):
    """Judging the pairs of lines and candidates (``matching.score``), a part at a time."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _judge_next(self, import_):
        """Judge the next lines that have candidates nobody has judged; False for none."""
        found = self.env.execute_query(
            SQL(
                """
                SELECT c.line_id, count(*) FROM kokyaku_import_candidate c
                  JOIN kokyaku_import_person l ON l.id = c.line_id
                 WHERE l.import_id = %s AND c.points IS NULL AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE)
                 GROUP BY c.line_id ORDER BY c.line_id LIMIT %s
                """,
                import_.id,
                PART,
            )
        )
        sums = accumulate(count for _line, count in found)
        lines = [
            line
            for (line, count), so_far in zip(found, sums, strict=True)
            if so_far <= MOST_PAIRS or so_far == count
        ]
        if lines:
            self._judge_part(import_, lines)
            self._plan_part(import_, lines)
        return bool(lines)

    @api.model
    def _judge_part(self, import_, lines):
        """Give lines (ids) their verdict, and their candidates points and reasons."""
        try:
            from ..matching.score import judge, score
        except ImportError as error:
            raise UserError(
                self.env._(
                    "Customers cannot be compared, because the Python package “%s” is missing "
                    "on the server. The administrator installs it with: pip install pandas "
                    "rapidfuzz",
                    error.name,
                )
            ) from error
        pairs = score(self._pairs(lines))
        pairs = pairs[~self._are_passed_over(pairs, judge)]
        self._keep_best(lines, pairs)
        found = [
            (line, int(one["partner"]) or None, int(one["points"]), one["reasons"],
             one["why"] or None)
            for line, one in judge(pairs).to_dict("index").items()
        ]  # fmt: skip
        if not found:
            return
        self.env.cr.execute(
            """
            UPDATE kokyaku_import_person l
               SET verdict = CASE WHEN l.why IS NOT NULL OR v.partner IS NULL THEN 'doubtful'
                                  ELSE 'update' END,
                   partner_id = v.partner, points = v.points, reasons = v.reasons,
                   why = COALESCE(l.why, v.why)
              FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[])
                   AS v (line, partner, points, reasons, why)
             WHERE l.id = v.line
            """,
            [*map(list, zip(*found, strict=True))],
        )
        self.env.cr.execute(
            """UPDATE kokyaku_import_person l
                  SET verdict = 'doubtful', why = 'archived', partner_id = NULL
                 FROM res_partner p
                WHERE l.id = ANY(%s) AND l.verdict = 'update' AND p.id = l.partner_id
                  AND p.active IS NOT TRUE""",
            [lines],
        )

    @api.model
    def _are_passed_over(self, pairs, judge):
        """Say which pairs count for nothing: those with who is archived, where somebody in use
        may be meant. Else whoever was taken out of use, with what they refused, would come back
        as somebody new by the next file.

        :param pairs: what ``matching.score.score`` returned
        :return: Series of bool
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) AND active IS NOT TRUE",
                pairs["partner"].unique().tolist(),
            )
        )
        archived = pairs["partner"].isin([one for [one] in rows])
        if not archived.any():
            return archived
        return archived & pairs["line"].isin(judge(pairs[~archived]).index)

    @api.model
    def _keep_best(self, lines, pairs):
        """Of the candidates of lines keep the likeliest, with their points and reasons."""
        shown = pairs[pairs["points"] > 0].sort_values(
            ["line", "points", "partner"], ascending=[True, False, True]
        )
        shown = shown.groupby("line").head(SHOWN_CANDIDATES)
        self.env.cr.execute(
            "DELETE FROM kokyaku_import_candidate WHERE line_id = ANY(%s)", [lines]
        )
        names = ["line_id", "partner_id", "points", "reasons"]
        self._copy_in(
            "kokyaku_import_candidate",
            names,
            [
                dict(zip(names, row, strict=True))
                for row in shown[["line", "partner", "points", "reasons"]].itertuples(index=False)
            ],
        )

    @api.model
    def _pairs(self, lines):
        """The pairs of some lines (ids), with what is compared: rows of `matching.score.ROW`."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pair.line_id, p.id, pair.by_phone,
                       l.code_key, l.member_key, l.email_key, l.name_key, l.kana_key, l.zip_key,
                       l.place_key, l.company_key, l.birthdate::text,
                       p.ref, p.member_number, p.email_normalized,
                       split_part(k.doc, E'\\n', 2), p.kana, p.zip, p.city, p.street, p.street2,
                       COALESCE(p.commercial_company_name, p.company_name), p.birthdate::text,
                       h.zip, h.city, h.street, h.street2
                  FROM (SELECT line_id, partner_id, bool_or(by_phone) AS by_phone
                          FROM kokyaku_import_candidate WHERE line_id = ANY(%s)
                         GROUP BY line_id, partner_id) AS pair
                  JOIN kokyaku_import_person l ON l.id = pair.line_id
                  JOIN res_partner p ON p.id = pair.partner_id
                  LEFT JOIN kokyaku_partner_key k ON k.id = p.id
                  LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
                """,
                lines,
            )
        )
        folded = {}

        def fold(text):
            if text not in folded:
                folded[text] = fold_name(text)
            return folded[text]

        pairs = []
        for row in rows:
            ours, own, home = list(row[3:12]), row[12:23], row[23:27]
            zips = [digits_of(own[5]), digits_of(home[0])]
            places = [place_key(*own[5:9]), place_key(*home)]
            at_home = ours[6] and ours[6] == places[1] or ours[5] and ours[5] == zips[1]
            theirs = [  # in the order of `matching.score.COLUMNS`
                own[0], own[1], own[2], own[3], fold(own[4]), zips[1] if at_home else zips[0],
                places[1] if at_home else places[0], fold(own[9]), own[10],
            ]  # fmt: skip
            pairs.append((*row[:3], *(one or "" for one in [*ours, *theirs])))
        return pairs
