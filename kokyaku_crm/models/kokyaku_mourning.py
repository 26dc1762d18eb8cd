from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import is_future, office_today

FORTY_NINE_DAYS = timedelta(days=49)
SEASON_BEGINS = (10, 1)  # when an office begins with the cards of the next New Year
LAST_DAY = (1, 15)  # 小正月: the New Year is over; until then no card, afterwards 寒中見舞い


class KokyakuMourning(models.Model):
    """喪中: someone of the family died; no New Year card for that year. Ends by itself.

    The year is the first New Year after the death; without a date of death, the one after the
    notice (a notice in January, 寒中見舞い, is about the New Year that has just passed). What
    a mourning forbids is said in ``_sql_forbids``.
    """

    _name = "kokyaku.mourning"
    _description = "Mourning"
    _order = "date_to desc, id desc"
    _rec_name = "year"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    notice_date = fields.Date(
        string="Notice Received", required=True, default=fields.Date.context_today
    )
    relation_id = fields.Many2one("kokyaku.relation", ondelete="restrict")
    deceased_name = fields.Char(string="Who Died")
    died_on = fields.Date(help="The 49 days are counted from here.")
    year = fields.Integer(
        string="New Year",
        compute="_compute_year",
        store=True,
        readonly=False,
        precompute=True,
        help="The New Year for which no card is sent.",
        aggregator=False,
    )
    date_to = fields.Date(
        string="Until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day of mourning: 15 January, unless you say otherwise.",
    )
    note = fields.Char()

    @api.depends("notice_date", "died_on")
    def _compute_year(self):
        for mourning in self:
            if mourning.died_on:
                mourning.year = mourning.died_on.year + 1
            else:
                notice = mourning.notice_date or office_today(self)
                mourning.year = notice.year + (notice.month > 1)

    @api.depends("year")
    def _compute_date_to(self):
        for mourning in self:
            if 1900 < mourning.year < 3000:
                mourning.date_to = date(mourning.year, *LAST_DAY)

    @api.constrains("notice_date", "died_on", "year", "date_to")
    def _check_dates(self):
        for mourning in self:
            name = mourning.partner_id.display_name
            if not 1900 < mourning.year < 3000:
                raise ValidationError(
                    self.env._(
                        "%(name)s: “%(year)s” is no New Year for a mourning. Please enter it with "
                        "four digits.",
                        name=name,
                        year=mourning.year,
                    )
                )
            days = filter(None, (mourning.died_on, mourning.notice_date))
            if any(is_future(self, day) for day in days):
                raise ValidationError(
                    self.env._(
                        "%s: the notice of mourning and the date of death cannot lie in the "
                        "future. Please check the year.",
                        name,
                    )
                )
            if mourning.died_on and mourning.died_on > mourning.notice_date:
                raise ValidationError(
                    self.env._(
                        "%s: the notice of mourning came before the death. Please check both "
                        "dates.",
                        name,
                    )
                )
            if mourning.date_to and mourning.date_to < (mourning.died_on or mourning.notice_date):
                raise ValidationError(
                    self.env._(
                        "%s: the mourning would end before it begins. Please check the last day.",
                        name,
                    )
                )

    # ---- The log --------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        mournings = super().create(vals_list)
        texts = mournings._log_texts()
        self.env["kokyaku.consent.log"]._add(
            [mourning.partner_id for mourning in mournings],
            "mourning",
            [{"new": text, "detail": mourning._log_detail()} for mourning, text in texts.items()],
        )
        return mournings

    def write(self, vals):
        before = self._log_texts()
        result = super().write(vals)
        changed = [(m, text) for m, text in self._log_texts().items() if text != before[m]]
        if changed:
            self.env["kokyaku.consent.log"]._add(
                [mourning.partner_id for mourning, _text in changed],
                "mourning",
                [
                    {"old": before[mourning], "new": text, "detail": mourning._log_detail()}
                    for mourning, text in changed
                ],
            )
        return result

    def unlink(self):
        self.env["kokyaku.consent.log"]._add(
            [mourning.partner_id for mourning in self],
            "mourning",
            [{"old": text, "detail": m._log_detail()} for m, text in self._log_texts().items()],
        )
        return super().unlink()

    def _log_texts(self):
        return {mourning: f"{mourning.year} (– {mourning.date_to or ''})" for mourning in self}

    def _log_detail(self):
        return self.relation_id.name or False

    # ---- What it forbids --------------------------------------------------------------

    @api.model
    def _sql_lasts(self, alias, day):
        """SQL condition: the mourning `alias` lasts on `day`."""
        return SQL(
            """%(day)s >= LEAST(%(m)s.notice_date, %(m)s.died_on)
               AND %(day)s <= COALESCE(%(m)s.date_to, make_date(NULLIF(%(m)s.year, 0), %(month)s,
                                                 %(last)s),
                                       %(m)s.notice_date + 365)""",
            m=SQL.identifier(alias),
            day=day,
            month=LAST_DAY[0],
            last=LAST_DAY[1],
        )

    @api.model
    def _sql_forbids(self, alias, day):
        """SQL condition: the mourning `alias` forbids greetings on `day`.

        Within 49 days of the death (of the notice, if the day of death is not known), and in
        the season of New Year cards of its year. A summer gift (お中元) in between is welcome.
        """
        return SQL(
            """%(lasts)s
               AND (%(day)s <= COALESCE(%(m)s.died_on, %(m)s.notice_date) + %(days)s
                    OR COALESCE(%(m)s.year, 0) = 0
                    OR %(day)s >= make_date(NULLIF(%(m)s.year, 0) - 1, %(month)s, %(first)s))""",
            lasts=self._sql_lasts(alias, day),
            m=SQL.identifier(alias),
            day=day,
            days=FORTY_NINE_DAYS.days,
            month=SEASON_BEGINS[0],
            first=SEASON_BEGINS[1],
        )
