from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac


class KokyakuRateLimit(models.Model):
    """How often something was tried within the last hour, from one address or for one.

    Counted by the minute, so that the hour slides: who waits for the clock to strike gains
    nothing. Neither e-mail nor IP address is kept: only their keyed digest, for a day.
    """

    _name = "kokyaku.rate.limit"
    _description = "Rate Limit"
    _log_access = False
    _rec_name = "kind"

    kind = fields.Char(required=True)
    digest = fields.Char(required=True)
    # has a default for the rows that were counted by the hour
    minute = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    count = fields.Integer(required=True, aggregator=False)

    _one_per_minute = models.Constraint(
        "UNIQUE(kind, digest, minute)", "This minute is counted already."
    )

    @api.model
    @api.private
    def hit(self, kind, key):
        """Count one more attempt of `kind` by `key`.

        Two at once within a minute cannot both pass: the second one fails to serialize and
        is tried again by the server.

        :return: the number of attempts in the last 60 minutes, this one included
        """
        digest = hmac(self.sudo().env, f"kokyaku-limit-{kind}", str(key))[:32]
        minute = fields.Datetime.now().replace(second=0, microsecond=0)
        # The statement does not see its own row: what it wrote and what was there before
        # are added up.
        [[count]] = self.env.execute_query(
            SQL(
                """
                WITH now AS (
                    INSERT INTO kokyaku_rate_limit AS known (kind, digest, minute, count)
                         VALUES (%(kind)s, %(digest)s, %(minute)s, 1)
                    ON CONFLICT (kind, digest, minute) DO UPDATE SET count = known.count + 1
                      RETURNING count
                )
                SELECT now.count + COALESCE(SUM(before.count), 0)
                  FROM now
                  LEFT JOIN kokyaku_rate_limit AS before
                    ON before.kind = %(kind)s
                   AND before.digest = %(digest)s
                   AND before.minute > %(start)s
                   AND before.minute < %(minute)s
                 GROUP BY now.count
                """,
                kind=kind,
                digest=digest,
                minute=minute,
                start=minute - timedelta(hours=1),
            )
        )
        return int(count)

    @api.autovacuum
    def _gc_minutes(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM kokyaku_rate_limit WHERE minute < %s",
                fields.Datetime.now() - timedelta(days=1),
            )
        )
