import math

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.identifiers import NewId
from odoo.tools import SQL

PATIENCE = 1000  # ms for the exact number
PATIENCE_FOR_ABOUT = 1500  # ms for the number by a sample
PATIENCE_FOR_PREVIEW = 30_000  # ms for who they are
SAMPLE = 1000  # people
FEW = 25  # with fewer found in the sample, the number would be a guess


class KokyakuSelectionSet(models.Model):
    """該当◯名: how many people the criteria mean, while they are entered.

    It is what everybody bought that takes time. So who meets the conditions for the person is
    counted first; are they few, only their purchases are read, by the index. Else the number
    is counted exactly as long as the user can be expected to wait, and then by a sample: so
    many of them, drawn by a hash of their ids, are asked, and the others are like them.
    """

    _inherit = "kokyaku.selection.set"

    live_count_text = fields.Char(string="Would Be", compute="_compute_live_count_text")

    @api.depends(
        "criterion_ids.summary", "criterion_ids.connector", "criterion_ids.opening",
        "criterion_ids.closing", "criterion_ids.sequence",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_live_count_text(self):
        """While someone enters criteria, not when a set is merely opened."""
        for one in self:
            editing = isinstance(one.id, NewId)
            one.live_count_text = one._live_count_text() if editing and one.criterion_ids else False

    def _live_count_text(self):
        """How many the criteria mean now, exactly or about, or what is wrong with them."""
        try:
            with self.env.cr.savepoint(flush=False):
                query = self._chosen_sql()
                some = SQL("%s LIMIT %s", self._candidates_sql(), SAMPLE + 1)
                people = self._fetch_within(PATIENCE, some)
                if len(people) <= SAMPLE:
                    query = self._chosen_among_sql(people)
                number = self._count_within(PATIENCE, query)
            return self.env._("%s people", f"{number:,}")
        except UserError as error:
            return str(error)
        except errors.QueryCanceled:
            return self._about_text()

    def _about_text(self):
        """What a sample says of the number, if it can be had in time."""
        try:
            with self.env.cr.savepoint(flush=False):
                return self._text_of_sample()
        except errors.QueryCanceled:
            return self.env._("more than can be counted in 2 seconds; build the set to see")

    def _text_of_sample(self):
        candidates = self._candidates_sql()
        number = self._count_within(PATIENCE_FOR_ABOUT, candidates)
        sample = self._fetch_within(
            PATIENCE_FOR_ABOUT,
            SQL(
                "SELECT * FROM (%s) AS candidate WHERE mod(hashint4(partner_id), %s) = 0",
                candidates,
                max(number // SAMPLE, 1),
            ),
        )
        found = self._count_within(PATIENCE_FOR_ABOUT, self._chosen_among_sql(sample))
        each = number / max(len(sample), 1)
        if found < FEW:
            most = _rounded((found + 2 * found**0.5 + 3) * each, math.ceil)
            return self.env._("fewer than %s people", f"{most:,}")
        return self.env._("about %s people", f"{_rounded(found * each):,}")

    def _preview_ids(self):
        """Who the criteria mean now, as ids, to be looked at.

        :raises UserError: when that takes longer than anybody should wait
        """
        try:
            with self.env.cr.savepoint(flush=False):
                return self._fetch_within(PATIENCE_FOR_PREVIEW, self._chosen_sql())
        except errors.QueryCanceled as error:
            raise UserError(
                self.env._(
                    "Who would be in “%(name)s” cannot be found out within %(seconds)s seconds, so "
                    "it is not shown. Please ask for less, for instance a shorter period, or build "
                    "the set, which may take longer, and look at its recipients.",
                    name=self.display_name,
                    seconds=PATIENCE_FOR_PREVIEW // 1000,
                )
            ) from error

    def _candidates_sql(self):
        """SELECT of those whom the criteria could mean, by what is fast to ask."""
        return self._criteria()._candidates_sql(self.company_id or self.env.company)

    def _chosen_among_sql(self, people):
        """SELECT of those of some people (ids) whom the criteria mean."""
        lines = self._criteria().with_context(kokyaku_among=people)
        # First their few thousand orders, by the index; then what was in them.
        self.env.cr.execute("SET LOCAL random_page_cost = 1; SET LOCAL join_collapse_limit = 1")
        return lines._people_sql(self.company_id or self.env.company, self.owner_id)

    def _count_within(self, milliseconds, query):
        """Return how many rows a SELECT gives; see ``_fetch_within``."""
        query = SQL("SELECT count(*) FROM (%s) AS counted", query)
        [number] = self._fetch_within(milliseconds, query)
        return number

    def _fetch_within(self, milliseconds, query):
        """Return the first column of a SELECT.

        :raises QueryCanceled: when it takes longer; what follows needs a rollback first
        """
        cr = self.env.cr
        cr.execute(SQL("SELECT set_config('statement_timeout', %s, true)", str(milliseconds)))
        cr.execute(query, log_exceptions=False)
        found = [row[0] for row in cr.fetchall()]
        cr.execute(
            """SET LOCAL statement_timeout TO DEFAULT; SET LOCAL random_page_cost TO DEFAULT;
               SET LOCAL join_collapse_limit TO DEFAULT"""
        )
        return found


def _rounded(number, how=round):
    """Two digits that count: 1234.5 is 1200, as nobody may read more into it."""
    step = 10 ** max(int(math.log10(max(number, 1))) - 1, 0)
    return how(number / step) * step
