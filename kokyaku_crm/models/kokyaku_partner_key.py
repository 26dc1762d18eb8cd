from odoo import api, fields, models
from odoo.tools import SQL

from ..naming.fold import sort_key
from ..naming.key import make_keys
from ..naming.query import beginning, patterns
from .search_functions import create_functions
from .search_triggers import (
    CODE_WORDS,
    FOUND_BY,
    LATER,
    NAME_WORDS,
    PARTNER_COLUMNS,
    PHONE_WORDS,
    REFRESH,
    VERSION,
    create_triggers,
)

READY = "kokyaku_crm.search_keys"  # the parameter that says by which rules the keys are filled
CHUNK = 5000  # partners in one turn of the first filling: about two seconds
MANY = 1000  # from so many hits on, a drop-down asks for the likeliest of them only
AT_ONCE = 5000  # so many are filled while the add-on is being installed
# What partners are found by, not folded yet.
WORDS = f"""
    SELECT p.id, {NAME_WORDS}, {CODE_WORDS}, {PHONE_WORDS}
      {FOUND_BY}
     WHERE p.id = ANY(%(partners)s)
"""


class KokyakuPartnerKey(models.Model):
    """検索キー: what a person or company is found by, folded (see ``naming.fold``), and indexed.

    One row per partner, with the partner's own id. ``doc`` holds a value a line: name, reading,
    company, codes, numbers, addresses of e-mail; ``words`` the same with the spaces between words,
    if it has any; the column ``grams`` beside them, which the ORM has no type for, the numbers of
    the doc's pieces (see ``naming.grams``). Triggers keep them in step with whatever writes
    (``search_triggers``); ``_search_sql`` says who fits a query. It is derived and nobody's to
    read: whom a user sees is decided on ``res.partner`` as ever.
    """

    _name = "kokyaku.partner.key"
    _description = "Search Key of a Partner"
    _log_access = False

    doc = fields.Text(required=True, readonly=True)
    words = fields.Text(readonly=True)

    def init(self):
        # after all tables have their columns: the triggers stand on several of them
        self.pool.post_init(self._create_in_database)

    @api.model
    def _create_in_database(self):
        create_functions(self.env.cr)
        create_triggers(self.env.cr)
        if self._is_ready():
            return
        # an update with other rules, or the installation, which has no cron yet and its own hook
        if not self._are_many():
            self._fill()
        elif cron := self.env.ref("kokyaku_crm.cron_partner_keys", raise_if_not_found=False):
            cron.sudo()._trigger()

    # ---- Finding --------------------------------------------------------------------

    @api.model
    def _is_ready(self):
        """Say whether everyone has a key, made by today's rules."""
        return self.env["ir.config_parameter"].sudo().get_param(READY) == VERSION

    @api.model
    def _search_sql(self, query):
        """Return a subselect of the partners' ids that fit a query as typed.

        None when the index cannot answer: see ``naming.query.patterns``, or before everyone
        has a key. Then core's own search must do.
        """
        words = patterns(query)
        if not words or not self._is_ready():
            return None
        self._flush_sources()
        # DISTINCT ON keeps the index first: PostgreSQL would else walk along everyone in the order
        # of names, hoping to meet enough of them early (14 s instead of 2 s among a million). In
        # the order of ids the partners of a common name lie beside each other on the disk.
        return SQL(
            "(SELECT DISTINCT ON (id) id FROM kokyaku_partner_key WHERE %s ORDER BY id)",
            self._match_sql(words),
        )

    @api.model
    def _likeliest(self, query):
        """Return who fits a query, the likeliest first, as lists of ids for a drop-down.

        One list of everyone when they are up to MANY. Else three, each of MANY at most: whose
        reading (or name, when there is none) is exactly so, who has a value that begins so, and
        anyone; the lists overlap, and together they need not hold everyone. None when the index
        cannot answer.
        """
        words = patterns(query)
        if not words or not self._is_ready():
            return None
        self._flush_sources()
        anyone = self._some(self._match_sql(words), MANY + 1)
        if len(anyone) <= MANY:
            return [anyone]
        exact = SQL("COALESCE(kana_sort, complete_name) = %s", sort_key(query))
        begins = beginning(words)
        return [
            self._some(exact, MANY, table="res_partner"),
            self._some(self._has_sql(begins), MANY) if begins else [],
            anyone[:MANY],
        ]

    @api.model
    def _some(self, condition, limit, table="kokyaku_partner_key"):
        """Return the ids of the keys, up to a limit, that fulfil a condition."""
        table = SQL.identifier(table)
        some = SQL("SELECT id FROM %s WHERE %s LIMIT %s", table, condition, limit)
        return [found for [found] in self.env.execute_query(some)]

    @api.model
    def _match_sql(self, words):
        """Return the condition on the keys that every word is found by one of its patterns."""
        sure = [word[0] for word in words if len(word) == 1]
        conditions = [
            SQL("(%s)", SQL(" OR ").join(self._has_sql(one) for one in word))
            for word in words
            if len(word) > 1
        ]
        return SQL(" AND ").join([*([self._has_sql(*sure)] if sure else []), *conditions])

    @api.model
    def _has_sql(self, *patterns):
        """Return the condition that a key has all these patterns: for the index, and exactly."""
        pieces = sorted({number for pattern in patterns for number in pattern.numbers})
        texts = SQL(" AND ").join(self._text_sql(pattern) for pattern in patterns)
        return SQL("(grams @> %s::int[] AND %s)", pieces, texts)

    @api.model
    def _text_sql(self, pattern):
        """Return the condition that a key has the text of a pattern.

        One word may run into the next from its beginning only: タナカタカ is タナカ タカシ, ナカタ
        is not.
        """
        if not pattern.across_words:
            return SQL("doc LIKE %s", pattern.like)
        return SQL(
            "(COALESCE(words, doc) LIKE %(like)s OR doc LIKE %(like)s AND words ~ %(across)s)",
            like=pattern.like,
            across=pattern.across_words,
        )

    @api.model
    def _flush_sources(self):
        """Write what is still in memory, so that the triggers have seen it."""
        for model, names in self._source_fields().items():
            self.env[model].flush_model(names)

    @api.model
    def _source_fields(self):
        """The fields whose values the keys are made of, by model."""
        return {
            "res.partner": PARTNER_COLUMNS,
            "kokyaku.affiliation": [
                "partner_id", "company_partner_id", "department", "phone", "email", "date_to",
            ],
            "kokyaku.home.address": ["partner_id", "phone", "zip"],
            "kokyaku.user.code.value": ["code", "name"],
        }

    # ---- Filling --------------------------------------------------------------------

    @api.model
    def _ensure_filled(self):
        """Have the keys filled: at once when there are few partners, else by a run.

        Called after an installation and by a cron, which sees a version with other rules.
        """
        if self._is_ready():
            return
        if not self._are_many():
            self._fill()
            return
        waiting = [("kind", "=", "partner_keys"), ("state", "in", ("queued", "running"))]
        if not self.env["kokyaku.run"].sudo().search_count(waiting, limit=1):
            name = self.env._("Prepare the search by kana, phone and code")
            self.env["kokyaku.run"]._enqueue("partner_keys", name=name)

    @api.model
    def _are_many(self):
        """Say whether there are too many partners to fill their keys while somebody waits."""
        self.env.cr.execute(
            "SELECT count(*) FROM (SELECT FROM res_partner LIMIT %s) AS part", [AT_ONCE + 1]
        )
        return self.env.cr.fetchone()[0] > AT_ONCE

    @api.model
    def _fill(self):
        """Make the keys of everyone anew, in this transaction."""
        self._flush_sources()
        after = 0
        while after is not None:
            after = self._fill_chunk(after)
        self._set_ready()

    @api.model
    def _fill_chunk(self, after):
        """Make the keys of the next partners behind the id `after`.

        :return: the last of them, None when there are no more
        """
        self.env.cr.execute(
            SQL(
                """
                WITH next AS (SELECT id FROM res_partner WHERE id > %s ORDER BY id LIMIT %s)
                SELECT max(id), %s(array_agg(id)) FROM next HAVING count(*) > 0
                """,
                after,
                CHUNK,
                SQL.identifier(REFRESH),
            )
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    @api.model
    def _wait(self, wait):
        """Have the triggers wait in this transaction: who writes many people makes their keys
        once, when all is there."""
        self.env.cr.execute("SELECT set_config(%s, %s, TRUE)", [LATER, "later" if wait else ""])

    @api.model
    def _renew(self, partners):
        """Make the keys of many partners anew, as the triggers would, in a tenth of the time.

        :param partners: list of ids
        """
        rows = self.env.execute_query(SQL(WORDS, partners=partners))
        if not rows:
            return
        ids = [row[0] for row in rows]
        told = [[[one for one in text.split("\n") if one] for text in row[1:]] for row in rows]
        docs, words, grams = zip(*make_keys(told), strict=True)
        self.env.cr.execute(
            """INSERT INTO kokyaku_partner_key AS k (id, doc, words, grams)
               SELECT id, doc, words, grams::int[]
                 FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
                      AS made (id, doc, words, grams)
               ON CONFLICT (id) DO UPDATE
               SET doc = excluded.doc, words = excluded.words, grams = excluded.grams
               WHERE (k.doc, k.words, k.grams)
                   IS DISTINCT FROM (excluded.doc, excluded.words, excluded.grams)""",
            [ids, list(docs), list(words), list(grams)],
        )
        self.invalidate_model()

    @api.model
    def _set_ready(self):
        self.env.cr.execute(
            "DELETE FROM kokyaku_partner_key k "
            "WHERE NOT EXISTS (SELECT FROM res_partner p WHERE p.id = k.id)"
        )
        self.env.cr.execute("ANALYZE kokyaku_partner_key")
        self.env["ir.config_parameter"].sudo().set_param(READY, VERSION)

    @api.model
    def _cron(self):
        """Cron: fill the keys when they are missing, and give former companies their place.

        Names written since the installation have their key of order; a company from before
        would stand under 株式会社. Rows somebody is working on wait for the next time.
        """
        self._ensure_filled()
        done = CHUNK
        while done:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_partner SET kana_sort = kokyaku_sort_key(name)
                     WHERE id IN (SELECT id FROM res_partner
                                   WHERE is_company AND kana_sort IS NULL
                                     AND kokyaku_sort_key(name) <> ''
                                     FOR UPDATE SKIP LOCKED LIMIT %s)
                    """,
                    CHUNK // 10,
                )
            )
            done = self.env.cr.rowcount
            if not self.env["kokyaku.run"]._commit(done):
                break
