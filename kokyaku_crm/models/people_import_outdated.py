from odoo import api, fields, models
from odoo.tools import SQL


class KokyakuImport(models.Model):
    """Who was there when the rows of a file were compared."""

    _inherit = "kokyaku.import"

    known_up_to = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=False,
        help="The last customer (its id) there was when the rows were compared. Who came later "
        "may be one of them.",
    )


class KokyakuImportPerson(models.Model):
    """What has changed between comparing the lines of a file and writing them, which may be days:
    somebody else entered the same people, or took one out of use."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _remember_known(self, import_):
        [[last]] = self.env.execute_query(SQL("SELECT max(id) FROM res_partner"))
        import_.sudo().known_up_to = last

    @api.model
    def _is_outdated(self, import_):
        """Say whether somebody, or a company, has come in since the lines were compared whom one
        of them may be: a code, an address of e-mail, a number or a name is the same. What this
        import has entered itself is not meant."""
        self.env.flush_all()
        newer = SQL(
            """p.id > %(last)s AND p.active AND p.type = 'contact'
               AND COALESCE(p.company_id, %(company)s) = %(company)s
               AND NOT EXISTS (SELECT FROM kokyaku_import_person o
                                WHERE o.partner_id = p.id AND o.import_id = %(import)s
                                  AND o.applied)
               AND NOT EXISTS (SELECT FROM kokyaku_import_company c
                                WHERE c.partner_id = p.id AND c.import_id = %(import)s)""",
            last=import_.known_up_to,
            company=import_.company_id.id,
            **{"import": import_.id},
        )
        [[any_newer]] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM res_partner p WHERE %s)", newer)
        )
        if not any_newer:
            return False
        [[may_be]] = self.env.execute_query(
            SQL(
                """
                WITH told AS (
                    SELECT DISTINCT key FROM kokyaku_import_person l
                     CROSS JOIN LATERAL unnest(
                         CASE WHEN verdict = 'new' THEN ARRAY[code_key, member_key, email_key,
                                                    phone_key, mobile_key, name_key] END
                         || CASE WHEN company_partner_id IS NULL THEN company_key END) AS key
                     WHERE l.import_id = %s AND NOT COALESCE(applied, FALSE)
                       AND decision IS NULL AND key <> ''
                ), theirs AS (
                    SELECT key FROM res_partner p
                      JOIN kokyaku_partner_key k ON k.id = p.id
                     CROSS JOIN LATERAL unnest(
                         string_to_array(k.doc, E'\\n')
                         || ARRAY[p.ref, p.member_number, p.email_normalized]::text[]) AS key
                     WHERE %s
                )
                SELECT EXISTS (SELECT FROM told JOIN theirs USING (key))
                """,
                import_.id,
                newer,
            )
        )
        return may_be

    @api.model
    def _doubt_gone(self, import_):
        """Lines of people who are not there any more, not in use, or another company's by now,
        are nobody's: somebody must look. A company that went is looked for no more: it is
        entered."""
        words = {"company": import_.company_id.id, "import": import_.id}
        ours = "COALESCE(p.company_id, %(company)s) = %(company)s"
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                f"""
                UPDATE kokyaku_import_person l
                   SET verdict = 'doubtful', why = 'gone', decision = NULL, partner_id = NULL,
                       changes = NULL
                  FROM kokyaku_import_person one
                  LEFT JOIN res_partner p ON p.id = one.partner_id
                 WHERE l.id = one.id AND one.import_id = %(import)s
                   AND NOT COALESCE(one.applied, FALSE)
                   AND (one.decision IS NULL AND one.verdict IN ('update', 'same')
                        OR one.decision = 'partner')
                   AND (p.id IS NULL OR NOT {ours} OR NOT p.active AND one.decision IS NULL)
                """,
                **words,
            )
        )
        self.env.cr.execute(
            SQL(
                f"""
                UPDATE kokyaku_import_person l SET company_partner_id = NULL
                  FROM res_partner p
                 WHERE l.import_id = %(import)s AND NOT COALESCE(l.applied, FALSE)
                   AND p.id = l.company_partner_id AND NOT (p.active AND {ours})
                """,
                **words,
            )
        )
        self.invalidate_model()
