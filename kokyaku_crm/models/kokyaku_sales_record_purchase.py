from odoo import models
from odoo.tools import SQL

from .kokyaku_purchase import ADDRESS_TYPES


class KokyakuSalesRecord(models.Model):
    _inherit = "kokyaku.sales.record"

    # How the purchases of a period are found.
    _day_idx = models.Index("(company_id, date) WHERE partner_id IS NOT NULL AND order_id IS NULL")


class KokyakuPurchase(models.Model):
    """The second source of purchases: imported lines that found their person."""

    _inherit = "kokyaku.purchase"
    _depends = {
        "kokyaku.sales.record": [
            "partner_id",
            "company_id",
            "source",
            "slip",
            "date",
            "order_id",
            "product_id",
            "product_code",
            "product_name",
            "categ_id",
            "quantity",
            "amount",
            "tax",
            "user_id",
        ],
        "product.product": ["product_tmpl_id"],
    }

    def _source_queries(self):
        return [*super()._source_queries(), self._import_query()]

    def _import_query(self):
        """Linked lines, except those of a sale that counts as an order already.

        Slip numbers mean something within one source only, so the order's name is both; lines
        without a slip number are one purchase per day. The day begins at midnight in the
        company's time zone. Types and order of the columns are those of ``_sale_query``:
        otherwise PostgreSQL would not look into the union by index.
        """
        return SQL(
            """
            SELECT - record.id AS id,
                   CASE WHEN address.type IN %(address_types)s AND address.parent_id IS NOT NULL
                        THEN address.parent_id ELSE record.partner_id
                   END AS partner_id,
                   record.partner_id AS address_id,
                   record.partner_id AS order_partner_id,
                   record.company_id AS company_id,
                   company.currency_id AS currency_id,
                   record.date::timestamp AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS date_order,
                   record.date AS date,
                   'import' AS source,
                   NULL::int AS order_id,
                   (record.source || ' ' || COALESCE(record.slip, record.date::text))::varchar
                       AS order_ref,
                   record.id AS record_id,
                   record.product_id AS product_id,
                   CASE WHEN record.product_id IS NULL
                        THEN COALESCE(record.product_name, record.product_code)
                   END AS product_text,
                   COALESCE(template.categ_id, record.categ_id) AS categ_id,
                   record.quantity AS quantity,
                   record.amount AS amount_tax_included,
                   record.amount - COALESCE(record.tax, 0) AS amount_tax_excluded,
                   record.user_id AS user_id
              FROM kokyaku_sales_record record
              LEFT JOIN res_partner address ON address.id = record.partner_id
              LEFT JOIN res_company company ON company.id = record.company_id
              LEFT JOIN product_product product ON product.id = record.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE record.partner_id IS NOT NULL
               AND record.order_id IS NULL
               AND (record.quantity <> 0 OR record.amount <> 0)
            """,
            address_types=ADDRESS_TYPES,
            tz=self._time_zone(),
        )
