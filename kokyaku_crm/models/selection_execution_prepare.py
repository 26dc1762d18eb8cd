from odoo import api, models
from odoo.tools import SQL

from ..codes.check_digits import MODULUS, WIDTH
from ..tools import office_today
from .kokyaku_honorific_rule import HONORIFIC_TEXTS
from .kokyaku_mourning import FORTY_NINE_DAYS

# What a line gets from the person, in the order of ``_frozen_sql``.
COLUMNS = (
    "partner_id exclusion user_id kind zip_text address_text company_text department_text "
    "title_text name_text honorific_text contact_text joint_text noshi hold_until"
).split()
NAMES_APART = "、"  # between the names on one piece


class KokyakuSelectionExecution(models.Model):
    """Preparing an execution: a line for each person, with the reason for who is left out.

    How to use: ``_prepare()`` once after the execution was made, ``_prepare(partners)`` for
    late additions; ``_judge()`` before that, for a record that does not exist yet, tells how
    many would be left out and why.

    How it works: one INSERT … SELECT; a short UPDATE each for those who share a piece and
    for those who do not get it for comparison; one UPDATE of the counts.
    """

    _inherit = "kokyaku.selection.execution"

    def _judge(self):
        """Return {reason: number of people} of the set's people, None for those who get it."""
        self.ensure_one()
        members = self._people_sql()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT exclusion, count(*) FROM (%s) AS line GROUP BY exclusion",
                    self._frozen_sql(members),
                )
            )
        )

    def _prepare(self, partners=None, late_reason=None):
        """Write the lines of the set's people, with what they are called and where they live
        today. Access is checked by whoever calls.

        :param SQL partners: a SELECT of ids: only these, as late additions
        :return: the number of lines
        """
        self.ensure_one()
        self.flush_recordset()
        self.env["kokyaku.execution.line"].flush_model()
        columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_execution_line (
                       id, code, execution_id, set_id, company_id, %(columns)s, item, unit_cost,
                       is_control, is_late, late_reason, create_uid, create_date, write_uid,
                       write_date)
                SELECT line.id, %(code)s, %(execution)s, %(set)s, %(company)s, %(columns)s,
                       %(item)s, %(unit_cost)s::numeric, FALSE, %(late)s, %(late_reason)s, %(uid)s,
                       %(now)s, %(uid)s, %(now)s
                  FROM (SELECT nextval('kokyaku_execution_line_id_seq') AS id, frozen.*
                          FROM (%(frozen)s) AS frozen) AS line
                """,
                columns=columns,
                code=_code_sql(SQL("line.id")),
                execution=self.id,
                set=self.set_id.id,
                company=self.company_id.id,
                item=self.item or None,
                unit_cost=self.unit_cost or None,
                late=partners is not None,
                late_reason=late_reason or None,
                uid=self.env.uid,
                now=SQL("now() AT TIME ZONE 'UTC'"),
                frozen=self._frozen_sql(self._people_sql(partners)),
            )
        )
        number = self.env.cr.rowcount
        if self.channel == "post":
            self._join_pieces()
        if partners is None and self.control_percent:
            self._draw_control()
        self._lines_changed()
        return number

    def _judge_again(self):
        """Leave out who died, refused, went into mourning … since it was prepared, as far as
        they are not printed or sent yet. Asked before anything is printed or sent.

        :return: the number of people who are left out now
        """
        self.ensure_one()
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        waiting = SQL(
            """SELECT partner_id FROM kokyaku_execution_line
                WHERE execution_id = %s AND exclusion IS NULL AND printed_at IS NULL
                  AND sent_on IS NULL""",
            self.id,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_execution_line line
                   SET exclusion = now.exclusion, write_uid = %s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM (%s) AS now
                 WHERE line.execution_id = %s AND line.partner_id = now.partner_id
                   AND now.exclusion <> 'duplicate'
                """,
                self.env.uid,
                self._frozen_sql(self._people_sql(waiting)),
                self.id,
            )
        )
        number = self.env.cr.rowcount
        if number:
            self._settle_pieces()
            self._lines_changed()
        return number

    def _people_sql(self, partners=None):
        """A SELECT of the partner ids of the set's people, or of some of them."""
        self.env["kokyaku.selection.member"].flush_model()
        return SQL(
            """SELECT partner_id FROM kokyaku_selection_member
                WHERE set_id = %s AND excluded IS NOT TRUE AND %s""",
            self.set_id.id,
            SQL("TRUE") if partners is None else SQL("partner_id IN (%s)", partners),
        )

    def _frozen_sql(self, members):
        """Return a SELECT of (*COLUMNS), a row for each person of `members`.

        :param SQL members: a SELECT of partner ids, run once
        """
        self.ensure_one()
        # Compiling so large a statement takes longer than running it for 100 000 people.
        self.env.cr.execute("SET LOCAL jit = off")
        Partner = self.env["res.partner"].sudo()
        for model in ("kokyaku.mourning", "kokyaku.family.member", "kokyaku.honorific.rule"):
            self.env[model].flush_model()
        gift = self.noshi not in (False, "none")
        day = SQL("%s::date", self.date or office_today(self))
        members_again = SQL("SELECT partner_id FROM member")
        choice = self.selection_type_id.address_choice or None
        return SQL(
            """
            WITH member AS MATERIALIZED (%(members)s),
            refused AS (%(refused)s),
            target AS (%(targets)s),
            former AS (
                SELECT partner_id
                  FROM kokyaku_affiliation
                 WHERE partner_id IN (SELECT partner_id FROM member)
                 GROUP BY partner_id
                HAVING bool_and(COALESCE(date_to < %(today)s, FALSE))
            ), family AS (
                SELECT f.partner_id, string_agg(f.name, %(apart)s ORDER BY f.sequence, f.id)
                       AS names
                  FROM kokyaku_family_member f
                  LEFT JOIN res_partner own ON own.id = f.member_partner_id
                 WHERE f.joint_addressee AND own.deceased_on IS NULL
                   AND f.partner_id IN (SELECT partner_id FROM member)
                 GROUP BY f.partner_id
            ), mourning AS (
                SELECT m.partner_id,
                       max(COALESCE(m.died_on, m.notice_date)) + %(days)s AS last_day
                  FROM kokyaku_mourning m
                 WHERE %(lasts)s
                   AND m.partner_id IN (SELECT partner_id FROM member)
                 GROUP BY m.partner_id
            ), judged AS (
                SELECT p.id AS partner_id, p.user_id, t.kind, t.zip, t.company_name,
                       t.department, t.function, %(address)s AS address,
                       COALESCE(NULLIF(p.name, ''), p.complete_name) AS name,
                       %(honorific)s AS honorific, %(contact)s AS contact,
                       CASE WHEN t.kind = 'home' THEN family.names END AS joint,
                       mourning.last_day,
                       lower(COALESCE(p.email_normalized, TRIM(p.email))) AS email,
                       CASE WHEN refused.reason <> 'no_address' THEN refused.reason
                            WHEN p.active IS NOT TRUE THEN 'archived'
                            WHEN %(left)s THEN 'left'
                            WHEN refused.reason IS NOT NULL
                              OR (%(post)s AND t.street = '' AND t.city = '')
                            THEN 'no_address' END AS reason
                  FROM member
                  JOIN res_partner p ON p.id = member.partner_id
                   AND (p.company_id IS NULL OR p.company_id = %(company)s)
                  LEFT JOIN target t ON t.partner_id = p.id
                  LEFT JOIN res_country country ON country.id = t.country_id
                  LEFT JOIN refused ON refused.partner_id = p.id
                  LEFT JOIN former ON former.partner_id = p.id
                  LEFT JOIN family ON family.partner_id = p.id
                  LEFT JOIN mourning ON mourning.partner_id = p.id
            )
            SELECT partner_id, %(exclusion)s AS exclusion, user_id, kind,
                   NULLIF(zip, '') AS zip_text, NULLIF(address, '') AS address_text,
                   NULLIF(company_name, '') AS company_text,
                   NULLIF(department, '') AS department_text,
                   NULLIF(function, '') AS title_text,
                   name AS name_text, honorific AS honorific_text, contact AS contact_text,
                   %(joint)s AS joint_text, %(noshi)s AS noshi, %(hold)s AS hold_until
              FROM judged
             ORDER BY partner_id
            """,
            members=members,
            refused=Partner._reach_sql(
                self.channel,
                self.purpose,
                self.date or None,
                members_again,
                without=("mourning",) if gift else (),
            ),
            targets=Partner._postal_targets_sql(members_again, self.selection_type_id),
            today=SQL("%s::date", office_today(self)),
            apart=NAMES_APART,
            days=FORTY_NINE_DAYS.days,
            lasts=(self.env["kokyaku.mourning"]._sql_lasts("m", day) if gift else SQL("FALSE")),
            address=self._address_sql(),
            honorific=self._honorific_sql(),
            contact=self._contact_sql(),
            left=SQL(
                """(former.partner_id IS NOT NULL AND p.parent_id IS NULL
                    AND (t.address_partner_id IS NOT NULL
                         OR COALESCE(%s, NULLIF(p.address_choice, '')) = 'company'))""",
                choice,
            )
            if self.channel in ("post", "fax")
            else SQL("FALSE"),
            post=self.channel == "post",
            company=self.company_id.id,
            exclusion=SQL(
                """COALESCE(reason, CASE WHEN row_number() OVER (
                       PARTITION BY email, reason IS NULL ORDER BY partner_id) > 1
                   THEN 'duplicate' END)"""
            )
            if self.channel == "email"
            else SQL("reason"),
            joint=SQL("joint") if self.channel == "post" else SQL("NULL"),
            noshi=SQL("CASE WHEN last_day IS NULL THEN %s ELSE 'plain' END", self.noshi or "none"),
            hold=SQL("CASE WHEN last_day >= %s THEN last_day + 1 END", day),
        )

    @api.model
    def _address_sql(self):
        """SQL: the address of the target `t` in lines, as it is written in its country."""
        return SQL(
            """CASE WHEN COALESCE(country.code, 'JP') = 'JP'
                    THEN concat_ws(E'\\n', NULLIF(concat(t.state, t.city, t.street), ''),
                                   NULLIF(t.street2, ''))
                    ELSE concat_ws(E'\\n', NULLIF(t.street, ''), NULLIF(t.street2, ''),
                                   NULLIF(concat_ws(' ', NULLIF(t.city, ''),
                                                    NULLIF(t.state, ''), NULLIF(t.zip, '')), ''),
                                   upper(country.name->>'en_US')) END"""
        )

    @api.model
    def _honorific_sql(self):
        """SQL: what is printed behind the name of `p`, as ``honorific_text`` says it."""
        own = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, text) for code, text in HONORIFIC_TEXTS.items()
        )
        function = SQL(r"btrim(p.function, E' \t\r\n\u3000')")
        rules = [
            SQL(
                "WHEN %s THEN %s",
                SQL("%s = %s", function, word)
                if exact
                else SQL("position(%s in %s) > 0", word, function),
                HONORIFIC_TEXTS[code],
            )
            for word, exact, code in self.env["kokyaku.honorific.rule"]._rules()
        ]
        by_function = (
            SQL("WHEN COALESCE(p.function, '') = '' THEN '様' %s", SQL(" ").join(rules))
            if rules
            else SQL("")
        )
        return SQL(
            """CASE p.honorific %s
                    ELSE CASE WHEN p.is_company THEN '御中' %s ELSE '様' END END""",
            own,
            by_function,
        )

    def _contact_sql(self):
        """SQL: the e-mail address or number of `p` that this channel uses."""
        home = SQL(
            """(SELECT NULLIF(h.phone, '') FROM kokyaku_home_address h
                 WHERE h.partner_id = p.id)"""
        )
        return {
            "email": SQL("NULLIF(TRIM(p.email), '')"),
            "sms": SQL("COALESCE(NULLIF(TRIM(p.mobile_phone), ''), NULLIF(TRIM(p.phone), ''))"),
            "fax": SQL("NULLIF(TRIM(p.fax), '')"),
            "phone": SQL(
                """COALESCE(NULLIF(t.phone, ''), NULLIF(TRIM(p.phone), ''),
                            NULLIF(TRIM(p.mobile_phone), ''), %s)""",
                home,
            ),
        }.get(self.channel, SQL("NULL"))

    def _lines_changed(self):
        """After a statement on the lines: the cache is old, the counts are too."""
        self.env["kokyaku.execution.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])
        self._count_lines()

    def _count_lines(self):
        """Store how many lines these executions have, and how many of each kind."""
        self.env["kokyaku.execution.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_selection_execution e
                   SET line_count = COALESCE(l.lines, 0),
                       excluded_count = COALESCE(l.excluded, 0),
                       control_count = COALESCE(l.control, 0),
                       printed_count = COALESCE(l.printed, 0),
                       sent_count = COALESCE(l.sent, 0)
                  FROM unnest(%(ids)s::int[]) AS wanted(id)
                  LEFT JOIN (SELECT execution_id, count(*) AS lines,
                                    count(exclusion) AS excluded,
                                    count(*) FILTER (WHERE is_control AND exclusion IS NULL)
                                        AS control,
                                    count(printed_at) AS printed,
                                    count(sent_on) AS sent
                               FROM kokyaku_execution_line
                              WHERE execution_id = ANY(%(ids)s)
                              GROUP BY execution_id) AS l ON l.execution_id = wanted.id
                 WHERE e.id = wanted.id
                """,
                ids=self.ids,
            )
        )
        self.invalidate_recordset(
            ["line_count", "excluded_count", "control_count", "printed_count", "sent_count"]
        )


def _code_sql(number):
    """SQL: the code of a number, as ``codes.with_check_digits`` makes it."""
    return SQL(
        """lpad(%(n)s::text, GREATEST(%(width)s, length(%(n)s::text)), '0')
           || lpad((%(modulus)s + 1 - mod(%(n)s * 100, %(modulus)s))::text, 2, '0')""",
        n=number,
        width=WIDTH,
        modulus=MODULUS,
    )
