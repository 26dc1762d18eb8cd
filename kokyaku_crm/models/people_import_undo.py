from odoo import api, fields, models
from odoo.tools import SQL

from .people_import_new import QUIET

PART = 5000
# What an import writes beside a person, and what only refers to its own lines: it goes along.
OWN_TABLES = {
    "kokyaku_home_address",
    "kokyaku_affiliation",
    "kokyaku_consent",
    "kokyaku_consent_log",
    "kokyaku_import_person",
    "kokyaku_import_candidate",
    "kokyaku_import_company",
}
DATED = ("kokyaku_home_address", "kokyaku_affiliation", "kokyaku_consent")
# What refers to a record by model and id.
BY_NUMBER = {
    "mail_message": ("model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "ir_attachment": ("res_model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
}


class KokyakuImport(models.Model):
    """元に戻す: taking an import of customers back.

    Who was entered by it goes, unless somebody has changed or used them since; who was changed
    gets the old values back, where nobody has changed them again. Who stays is listed.
    """

    _inherit = "kokyaku.import"

    def _undo_people(self):
        """Take back what this import did to people.

        :return: dict of counts deleted, restored, kept
        """
        self.ensure_one()
        self.check_access("write")
        self.env["res.partner"].check_access("unlink")
        self.env.flush_all()
        self.env["kokyaku.consent.log"]._tell("import")
        restored = self._restore_people()
        deleted = self._delete_people(
            SQL(
                "SELECT partner_id FROM kokyaku_import_person WHERE import_id = %s"
                " AND applied AND verdict = 'new'",
                self.id,
            )
        )
        self._list_kept()
        deleted += self._delete_people(
            SQL("SELECT partner_id FROM kokyaku_import_company WHERE import_id = %s", self.id)
        )
        kept = self._forget_lines()
        return {"deleted": deleted, "restored": restored, "kept": kept}

    # ---- Who was entered ------------------------------------------------------------

    def _delete_people(self, people):
        """Delete those of some partners whom nobody has touched or used; return their number."""
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS kokyaku_import_going")
        cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kokyaku_import_going ON COMMIT DROP AS
                   SELECT p.id, p.create_date FROM res_partner p
                    WHERE p.id IN (%s) AND p.write_date = p.create_date""",
                people,
            )
        )
        cr.execute("CREATE INDEX ON kokyaku_import_going (id)")
        cr.execute("ANALYZE kokyaku_import_going")
        for table in DATED:
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.partner_id = g.id AND u.write_date <> g.create_date",
                    SQL.identifier(table),
                )
            )
        for table, column in self.env["base.partner.merge.automatic.wizard"]._get_fk_on(
            "res_partner"
        ):
            own = table in OWN_TABLES and column == "partner_id" or table in self._type_tables()
            own = own or table in ("kokyaku_import_person",)
            if own or (table, column) == ("res_partner", "commercial_partner_id"):
                continue
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.%s = g.id",
                    SQL.identifier(table),
                    SQL.identifier(column),
                )
            )
        for table, (model, number) in BY_NUMBER.items():
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.%s = 'res.partner' AND u.%s = g.id",
                    SQL.identifier(table),
                    SQL.identifier(model),
                    SQL.identifier(number),
                )
            )
        cr.execute("DELETE FROM res_partner p USING kokyaku_import_going g WHERE p.id = g.id")
        deleted = cr.rowcount
        self.env.invalidate_all(flush=False)
        return deleted

    def _let_stay(self, used):
        """Let those stay of whom a subselect on ``g.id`` finds something."""
        self.env.cr.execute(
            SQL("DELETE FROM kokyaku_import_going g WHERE EXISTS (%s)", used)
        )

    def _type_tables(self):
        partner = self.env["res.partner"]._fields
        return [partner[fname].relation for fname in ("personal_type_ids", "selection_type_ids")]

    def _list_kept(self):
        """List the new people who stay, because they were changed or used."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT row, name FROM kokyaku_import_person
                 WHERE import_id = %s AND applied AND verdict = 'new' AND partner_id IS NOT NULL
                 ORDER BY row
                """,
                self.id,
            )
        )
        self._list_rows([(row, "", name, "undo_kept", True) for row, name in rows])

    def _forget_lines(self):
        """Delete the lines; return the number of new people who stayed."""
        [[kept]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM kokyaku_import_person
                 WHERE import_id = %s AND applied AND verdict = 'new' AND partner_id IS NOT NULL
                """,
                self.id,
            )
        )
        self.env.cr.execute("DELETE FROM kokyaku_import_person WHERE import_id = %s", [self.id])
        self.env.cr.execute("DELETE FROM kokyaku_import_company WHERE import_id = %s", [self.id])
        self.env.invalidate_all(flush=False)
        return kept

    # ---- Who was changed ------------------------------------------------------------

    def _restore_people(self):
        """Give the old values back; return the number of people who got any."""
        self.env.cr.execute(
            SQL(
                """
                SELECT partner_id, before FROM kokyaku_import_person
                 WHERE import_id = %s AND applied AND before IS NOT NULL
                   AND partner_id IS NOT NULL ORDER BY row DESC
                """,
                self.id,
            )
        )
        rows = self.env.cr.fetchall()
        for start in range(0, len(rows), PART):
            for partner_id, before in rows[start : start + PART]:
                self._restore(self.env["res.partner"].browse(partner_id), before)
            self.env.flush_all()
            self.env.invalidate_all()
        return len(rows)

    @api.model
    def _restore(self, partner, before):
        partner = partner.with_context(**QUIET)
        if row := before.get("affiliation"):
            self.env["kokyaku.affiliation"].browse(row).exists().unlink()
        values = _unchanged(partner, before.get("person", {}), before.get("after", {}))
        for fname, ids in before.get("links", {}).items():
            values[fname] = [fields.Command.unlink(one) for one in ids]
        if values:
            partner.write(values)
        homes = self.env["kokyaku.home.address"].search([("partner_id", "=", partner.id)])
        if before.get("home_new") in homes.ids:
            if homes.write_date == homes.create_date:
                homes.unlink()
        elif homes and before.get("home"):
            homes.write(_unchanged(homes, before["home"], before["home_after"]))
        for channel, (old, new) in before.get("consents", {}).items():
            now = partner.consent_ids.filtered(
                lambda one, channel=channel: one.channel == channel and one.purpose == "promotion"
            )
            if now.state == new:
                self.env["kokyaku.consent"]._set_many(
                    partner, channel, "promotion", old, screen="import"
                )


def _unchanged(record, before, after):
    """The values of `before` for the fields that still are what they were `after`."""
    now = raw(record, before)
    return {fname: value for fname, value in before.items() if now[fname] == after.get(fname)}


def raw(record, names):
    """The values of some fields of a record as JSON holds them."""
    values = record._convert_to_write({fname: record[fname] for fname in names})
    return {
        fname: str(value) if value and not isinstance(value, (int, str, list)) else value
        for fname, value in values.items()
    }
