from odoo import api, models
from odoo.tools import SQL

from ..tools import office_today

COLUMNS = (
    "kind fallback zip state city street street2 country_id company_name department function "
    "phone address_partner_id affiliation_id"
).split()


class ResPartner(models.Model):
    """宛先区分: whether post goes to the company or to the home.

    How to use: ``partners._postal_targets(selection_type)`` for records, the same as a SELECT
    by ``_postal_targets_sql`` inside a statement of one's own.

    How it works: one statement for any number of people. The companies and departments above
    them are walked through once for each company, not for each person.
    """

    _inherit = "res.partner"

    def _postal_targets(self, selection_type=None):
        """Where post to these partners goes (宛先), for labels and selection sets.

        The address choice of the selection type counts first, then the person's own; without
        either post goes to the company if there is one, else to the home. The company is the
        one of the main affiliation, with department and function; a person without any has
        their own address there, which is their home as long as no other home is entered.
        The number of queries does not grow with the partners.

        :param selection_type: ``kokyaku.selection.type`` record, or nothing
        :return: dict partner id → dict of ``kind`` (``company`` or ``home``), ``fallback``
            (the chosen one has no address, so it is the other), ``zip``, ``state``, ``city``,
            ``street``, ``street2``, ``country_id``, ``company_name``, ``department``,
            ``function``, ``phone``, ``address_partner_id`` (whose address it is) and
            ``affiliation_id``
        """
        if not self.ids:
            return {}
        partners = SQL("SELECT unnest(%s::int[])", self.ids)
        rows = self.env.execute_query(self._postal_targets_sql(partners, selection_type))
        return {
            row[0]: {
                name: False if value is None else value
                for name, value in zip(COLUMNS, row[1:], strict=True)
            }
            for row in rows
        }

    @api.model
    def _postal_targets_sql(self, partners, selection_type=None):
        """Return a SELECT of (partner_id, *COLUMNS), see ``_postal_targets``.

        What it reads is flushed. It restricts neither company nor visibility: `partners`
        does.

        :param SQL partners: a SELECT of partner ids
        """
        for model in ("res.partner", "kokyaku.affiliation", "kokyaku.home.address"):
            self.env[model].flush_model()
        self.env["res.country.state"].flush_model()
        chosen = (selection_type.address_choice if selection_type else None) or None
        return SQL(
            """
            WITH RECURSIVE person AS MATERIALIZED (
                SELECT p.id, p.type, p.is_company, p.parent_id, p.phone, p.mobile_phone,
                       p.function, p.company_name, p.zip, p.state_id, p.city, p.street,
                       p.street2, p.country_id,
                       COALESCE(%(chosen)s, NULLIF(p.address_choice, '')) AS choice,
                       %(own)s AS own_address,
                       main.id AS affiliation_id, main.department AS main_department,
                       main.function AS main_function, main.phone AS main_phone,
                       COALESCE(main.company_partner_id,
                                CASE WHEN p.is_company IS NOT TRUE THEN p.parent_id END) AS house
                  FROM res_partner p
                  LEFT JOIN (SELECT DISTINCT ON (partner_id) *
                               FROM kokyaku_affiliation
                              WHERE is_main AND partner_id IN (%(partners)s)
                                AND COALESCE(date_from <= %(today)s, TRUE)
                                AND COALESCE(date_to >= %(today)s, TRUE)
                              ORDER BY partner_id, id DESC) AS main ON main.partner_id = p.id
                 WHERE p.id IN (%(partners)s)
            ), above AS (
                SELECT h.id AS house, h.id, h.parent_id, h.is_company, h.name,
                       %(house)s AS has_address, 0 AS depth,
                       h.is_company AND %(house)s AS done
                  FROM res_partner h
                 WHERE h.id IN (SELECT house FROM person)
                 UNION ALL
                SELECT above.house, h.id, h.parent_id, h.is_company, h.name, %(house)s,
                       depth + 1,
                       done OR (h.is_company AND %(house)s)
                  FROM above
                  JOIN res_partner h ON h.id = above.parent_id
                 WHERE NOT COALESCE(done, FALSE) AND depth < 30
            ), company AS (
                SELECT house,
                       min(depth) FILTER (WHERE has_address) AS address_depth,
                       min(depth) FILTER (WHERE is_company) AS company_depth
                  FROM above
                 GROUP BY house
            ), place AS (
                SELECT company.house,
                       max(above.id) FILTER (WHERE depth = address_depth) AS holder,
                       max(above.name) FILTER (WHERE depth = company_depth) AS company_name,
                       string_agg(NULLIF(above.name, ''), '\u3000' ORDER BY depth DESC)
                           FILTER (WHERE depth < COALESCE(company_depth, 99)
                                     AND above.parent_id IS NOT NULL) AS department
                  FROM company
                  JOIN above ON above.house = company.house
                 GROUP BY company.house
            ), target AS (
                SELECT person.*, place.company_name AS house_name,
                       place.department AS house_department,
                       CASE WHEN person.house IS NULL OR person.type <> 'contact'
                              OR (place.holder IS NULL AND person.house = person.parent_id)
                            THEN person.id
                            ELSE COALESCE(place.holder, person.house) END AS holder,
                       home.id AS home_id,
                       COALESCE(home.street <> '' OR home.city <> '', FALSE) AS has_home,
                       person.house IS NULL AND person.is_company IS NOT TRUE
                       AND COALESCE(person.company_name, '') = '' AS is_private
                  FROM person
                  LEFT JOIN place ON place.house = person.house
                  LEFT JOIN kokyaku_home_address home ON home.partner_id = person.id
            ), judged AS (
                SELECT target.*,
                       CASE WHEN is_private AND NOT has_home THEN FALSE
                            WHEN holder = target.id THEN own_address
                            ELSE %(at_house)s END AS at_company,
                       CASE WHEN is_private AND NOT has_home THEN own_address
                            ELSE has_home END AS at_home
                  FROM target
                  LEFT JOIN res_partner h ON h.id = target.holder
            ), sent AS (
                SELECT judged.*,
                       CASE WHEN COALESCE(choice, 'company') = 'company'
                            THEN CASE WHEN at_company THEN 'company' WHEN at_home THEN 'home' END
                            ELSE CASE WHEN at_home THEN 'home' WHEN at_company THEN 'company' END
                       END AS goes
                  FROM judged
            )
            SELECT sent.id AS partner_id,
                   COALESCE(goes, choice, 'company') AS kind,
                   COALESCE(choice <> goes, FALSE) AS fallback,
                   COALESCE(a.zip, '') AS zip,
                   COALESCE(state.name, '') AS state,
                   COALESCE(a.city, '') AS city,
                   COALESCE(a.street, '') AS street,
                   COALESCE(a.street2, '') AS street2,
                   a.country_id,
                   CASE WHEN goes = 'company'
                        THEN COALESCE(CASE WHEN house IS NOT NULL THEN house_name
                                           WHEN sent.is_company IS NOT TRUE
                                           THEN sent.company_name END, '')
                        ELSE '' END AS company_name,
                   CASE WHEN goes = 'company' AND house IS NOT NULL
                        THEN concat_ws('\u3000', house_department, NULLIF(main_department, ''))
                        ELSE '' END AS department,
                   CASE WHEN goes = 'company' AND house IS NOT NULL
                        THEN COALESCE(CASE WHEN affiliation_id IS NULL THEN sent.function
                                           ELSE main_function END, '')
                        ELSE '' END AS function,
                   CASE WHEN goes = 'company' AND house IS NOT NULL
                        THEN COALESCE(NULLIF(main_phone, ''), sent.phone, '')
                        WHEN goes = 'home' AND has_home
                        THEN COALESCE(NULLIF(home.phone, ''), sent.mobile_phone, '')
                        WHEN goes IS NOT NULL THEN COALESCE(sent.phone, '')
                        ELSE '' END AS phone,
                   CASE WHEN goes = 'home' AND has_home THEN NULL
                        WHEN goes = 'company' THEN holder
                        ELSE sent.id END AS address_partner_id,
                   CASE WHEN goes = 'company' THEN affiliation_id END AS affiliation_id
              FROM sent
              LEFT JOIN kokyaku_home_address home
                     ON home.id = sent.home_id AND goes = 'home' AND has_home
              LEFT JOIN res_partner h ON h.id = sent.holder AND goes = 'company'
             CROSS JOIN LATERAL (
                   SELECT home.zip, home.state_id, home.city, home.street, home.street2,
                          home.country_id
                    WHERE home.id IS NOT NULL
                    UNION ALL
                   SELECT h.zip, h.state_id, h.city, h.street, h.street2, h.country_id
                    WHERE home.id IS NULL AND h.id IS NOT NULL
                    UNION ALL
                   SELECT sent.zip, sent.state_id, sent.city, sent.street, sent.street2,
                          sent.country_id
                    WHERE home.id IS NULL AND h.id IS NULL) AS a
              LEFT JOIN res_country_state state ON state.id = a.state_id
            """,
            chosen=chosen,
            today=SQL("%s::date", office_today(self)),
            partners=partners,
            own=_has_address("p"),
            house=_has_address("h"),
            at_house=_has_address("h"),
        )


def _has_address(alias):
    """SQL: the partner `alias` has an address one could write to."""
    return SQL(
        "(COALESCE(%(a)s.street, '') <> '' OR COALESCE(%(a)s.city, '') <> '')",
        a=SQL.identifier(alias),
    )
