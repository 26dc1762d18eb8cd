from odoo import models
from odoo.tools import SQL


class KokyakuSelectionSet(models.Model):
    """手で追加・手で除外: people that are put in or taken out by hand, however many."""

    _inherit = "kokyaku.selection.set"

    def _add_people(self, partners, origin="manual", reason=None, asked_by=None):
        """Put people into the set by one statement; who is in already stays as they are, who
        was removed by hand comes back when they are added by hand.

        :param partners: ids, or an SQL SELECT of ids (access is checked by whoever gives it)
        :param str origin: criteria, manual or combined
        :param str reason: why, as the user says it
        :param asked_by: ``res.users`` record: who wanted it
        :return: the number of people who came in
        """
        return self._change_people(
            """
            INSERT INTO kokyaku_selection_member AS m
                   (set_id, company_id, partner_id, origin, excluded, reason, asked_by,
                    create_uid, create_date, write_uid, write_date)
            SELECT %(set)s, %(company)s, p.id, %(origin)s, FALSE, %(reason)s, %(asked)s,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM res_partner p
             WHERE p.id IN (%(partners)s)
             ORDER BY p.id  -- in the order of the indexes, or they are read all over
            ON CONFLICT (set_id, partner_id) DO UPDATE
               SET excluded = FALSE, origin = EXCLUDED.origin, reason = EXCLUDED.reason,
                   asked_by = EXCLUDED.asked_by, write_uid = EXCLUDED.write_uid,
                   write_date = EXCLUDED.write_date
             WHERE m.excluded AND EXCLUDED.origin = 'manual'
            """,
            partners,
            reason,
            asked_by,
            company=self.company_id.id,
            origin=origin,
        )

    def _remove_people(self, partners, reason=None, asked_by=None):
        """Take people out by hand; they stay out when the set is built anew.

        :param partners: ids, or an SQL SELECT of ids
        :return: the number of people who went
        """
        return self._change_people(
            """
            UPDATE kokyaku_selection_member
               SET excluded = TRUE, reason = %(reason)s, asked_by = %(asked)s,
                   write_uid = %(uid)s, write_date = %(now)s
             WHERE set_id = %(set)s AND excluded IS NOT TRUE AND partner_id IN (%(partners)s)
            """,
            partners,
            reason,
            asked_by,
        )

    def _change_people(self, statement, partners, reason, asked_by, **more):
        """Run a statement on the members; return the number of rows it changed."""
        self.ensure_one()
        self._check_editable()
        self.env["kokyaku.selection.member"].flush_model()
        self.env.cr.execute(
            SQL(
                statement,
                set=self.id,
                reason=reason or None,
                asked=asked_by.id if asked_by else None,
                uid=self.env.uid,
                now=SQL("now() AT TIME ZONE 'UTC'"),
                partners=self._ids_sql(partners),
                **more,
            )
        )
        number = self.env.cr.rowcount
        self._people_changed()
        return number

    @staticmethod
    def _ids_sql(partners):
        if isinstance(partners, SQL):
            return partners
        ids = partners.ids if isinstance(partners, models.BaseModel) else list(partners)
        return SQL("SELECT unnest(%s::int[])", ids)

    def _people_changed(self):
        """After a statement on the members: the cache is old, the counts are too."""
        self.env["kokyaku.selection.member"].invalidate_model()
        self.invalidate_recordset(["member_ids"])
        self._count_members()
