from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac


class KokyakuRateLimit(models.Model):
    """How often something was tried within an hour, from one address or for one address.

    Neither e-mail nor IP address is kept: only their keyed digest, for a day.
    """

    _name = "kokyaku.rate.limit"
    _description = "Rate Limit"
    _log_access = False
    _rec_name = "kind"

    kind = fields.Char(required=True)
    digest = fields.Char(required=True)
    hour = fields.Datetime(required=True, index=True)
    count = fields.Integer(required=True, aggregator=False)

    _one_per_hour = models.Constraint("UNIQUE(kind, digest, hour)", "This hour is counted already.")

    @api.model
    @api.private
    def hit(self, kind, key):
        """Count one more attempt of `kind` by `key`.

        One statement that two at once cannot both pass: the second one fails to serialize
        and is tried again by the server.

        :return: the number of attempts in this hour of the clock, this one included
        """
        digest = hmac(self.sudo().env, f"kokyaku-limit-{kind}", str(key))[:32]
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        [[count]] = self.env.execute_query(
            SQL(
                """
                INSERT INTO kokyaku_rate_limit AS known (kind, digest, hour, count)
                     VALUES (%s, %s, %s, 1)
                ON CONFLICT (kind, digest, hour) DO UPDATE SET count = known.count + 1
                  RETURNING count
                """,
                kind,
                digest,
                hour,
            )
        )
        return count

    @api.autovacuum
    def _gc_hours(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM kokyaku_rate_limit WHERE hour < %s",
                fields.Datetime.now() - timedelta(days=1),
            )
        )
