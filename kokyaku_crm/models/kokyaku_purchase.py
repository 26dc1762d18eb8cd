from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import NOBODY_IN_CHARGE, company_tz

ADDRESS_TYPES = ("invoice", "delivery", "other")


class KokyakuPurchase(models.Model):
    """購入履歴: every purchase line of a person, whatever its source (design rule 14).

    A view computed when it is read. Each source is one SELECT (see ``_source_queries``);
    the condition on customer, company and instant goes down into each of them, so that the
    history of one person is found by index. The sources tell their rows apart by the sign
    of the id: a sale order line keeps its id, further sources use negative ones.

    Always read for a customer, a set or a period: without any of them it is every line
    the company has ever sold, and the screens refuse that.
    """

    _name = "kokyaku.purchase"
    _description = "Purchase"
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "order_ref"
    # what has to be written to the database before it is read
    _depends = {
        "sale.order": [
            "name",
            "state",
            "partner_id",
            "person_id",
            "company_id",
            "date_order",
            "currency_rate",
            "user_id",
        ],
        "sale.order.line": [
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "price_subtotal",
            "price_total",
            "display_type",
            "is_downpayment",
        ],
        "res.partner": ["type", "parent_id"],
        "product.template": ["categ_id", "uom_id"],
        "uom.uom": ["factor"],
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    address_id = fields.Many2one(
        "res.partner",
        string="Ordered as",
        readonly=True,
        help="The person of the order, else its customer, as it stands on the order. Differs "
        "from the customer when the order was taken on a delivery or invoice address.",
    )
    order_partner_id = fields.Many2one("res.partner", string="Customer of the Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_order = fields.Datetime(string="Order Time", readonly=True)
    date = fields.Date(
        string="Purchase Day", readonly=True, help="The day in the company's time zone."
    )
    source = fields.Selection(
        [("sale", "Sales Order"), ("import", "Imported Sales")],
        string="Sales Source",
        readonly=True,
    )
    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    order_ref = fields.Char(string="Order", readonly=True)
    record_id = fields.Many2one("kokyaku.sales.record", string="Imported Line", readonly=True)
    product_id = fields.Many2one("product.product", string="Product", readonly=True)
    product_text = fields.Char(
        string="Product in the File",
        readonly=True,
        help="What the imported file calls a product that is not among ours.",
    )
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount_tax_included = fields.Monetary(string="Amount (Tax Included)", readonly=True)
    amount_tax_excluded = fields.Monetary(string="Amount (Tax Excluded)", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        falsy_value_label=NOBODY_IN_CHARGE,
    )

    # ---- Searching --------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Turn the conditions into ones the indexes serve; refuse to read everything."""
        domain = Domain(domain).optimize(self)
        if not self.env.su and not self._is_bounded(domain):
            raise UserError(
                self.env._(
                    "That would be every purchase of every customer. Please choose a customer or "
                    "a period first."
                )
            )
        return super()._search(
            domain.map_conditions(self._indexed_condition), offset, limit, order, **kwargs
        )

    @api.model
    def _search_of_everyone(self, domain):
        """Return the Query of `domain` without a customer or period, for statements that read
        everybody anyway (criteria of selection sets); the user's access rules apply."""
        domain = Domain(domain).optimize(self)
        query = super()._search(domain.map_conditions(self._indexed_condition), order="id")
        query.order = None  # or millions of lines are sorted before they are added up
        return query

    @api.model
    def _bounding_fields(self):
        """The fields of which one has to be restricted (hook)."""
        return {"id", "partner_id", "address_id", "order_partner_id", "order_id", "order_ref"} | {
            "date",
            "date_order",
        }

    @api.model
    def _is_bounded(self, domain):
        bounding = self._bounding_fields()
        return domain.is_false() or any(
            condition.field_expr.split(".")[0] in bounding for condition in domain.iter_conditions()
        )

    @api.model
    def _indexed_condition(self, condition):
        """Return a condition with the same rows that PostgreSQL finds by index.

        The customer is folded (an address child counts as its contact), the day is local;
        neither is a column. So a customer becomes the addresses that fold to it, a day the
        instants between its midnights. Imported sales have a day and no instant: both are asked
        for, each source has an index for one of them.
        """
        if condition.operator == "in" and condition.field_expr == "partner_id":
            partners = self.env["res.partner"].browse(
                [value for value in condition.value if isinstance(value, int) and value]
            )
            if len(partners) == len(condition.value):
                return Domain("address_id", "in", partners._with_addresses().ids)
        elif condition.field_expr == "date":
            return self._by_source(self._day_condition(condition), condition)
        elif condition.field_expr == "date_order":
            days = self._days_of(condition)
            return condition if days.is_true() else self._by_source(condition, days & condition)
        return condition

    @api.model
    def _by_source(self, of_orders, of_others):
        """Return the condition that asks orders and all other sources something else.

        The source is a constant within each of them, so PostgreSQL drops what is not meant for
        it. Asking orders for their day as well would change no row, but nothing is known of how
        many orders have which day in a time zone, and a guess far too low makes a slow plan.
        """
        orders = Domain("source", "=", "sale")
        return (orders & of_orders) | (~orders & of_others)

    @api.model
    def _days_of(self, condition):
        """Return what an instant (naive UTC) says about the day: no other row meets it."""
        value = condition.value
        if condition.operator not in (">", ">=", "<", "<=") or not isinstance(value, datetime):
            return Domain.TRUE
        day = value.replace(tzinfo=UTC).astimezone(ZoneInfo(self._time_zone())).date()
        return Domain("date", condition.operator[0] + "=", day)

    @api.model
    def _day_condition(self, condition):
        days = condition.value
        if condition.operator == "in" and all(days):
            return Domain.OR(
                Domain("date_order", ">=", self._midnight(day))
                & Domain("date_order", "<", self._midnight(day, 1))
                for day in days
            )
        if not days or condition.operator not in (">", ">=", "<", "<="):
            return condition
        later = int(condition.operator in (">", "<="))
        operator = ">=" if condition.operator in (">", ">=") else "<"
        return Domain("date_order", operator, self._midnight(days, later))

    @api.model
    def _midnight(self, day, days_later=0):
        """Return the instant (naive UTC) at which `day` begins in the company's time zone."""
        day = fields.Date.to_date(day) + timedelta(days=days_later)
        local = datetime.combine(day, time.min, ZoneInfo(self._time_zone()))
        return local.astimezone(UTC).replace(tzinfo=None)

    def action_open_order(self):
        """Open the order, or the imported line, the purchase comes from."""
        self.ensure_one()
        return (self.order_id or self.record_id).get_formview_action()

    # ---- The rows -----------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(SQL("(%s)", query) for query in self._source_queries())

    def _source_queries(self):
        """Return the SELECTs of all sources (hook).

        Each gives the columns in the order of ``_sale_query``; the ids of a further source
        are negative.
        """
        return [self._sale_query()]

    def _time_zone(self):
        return company_tz(self.env.company)

    def _sale_query(self):
        """Lines of confirmed orders; headings, notes and down payments are no purchases.

        Amounts are in company currency by the order's own rate (a missing rate or 0 counts
        as 1), quantities in the product's own unit. The joins serve single columns;
        PostgreSQL leaves out those that a query does not ask for.
        """
        return SQL(
            """
            SELECT line.id AS id,
                   CASE WHEN address.type IN %(address_types)s AND address.parent_id IS NOT NULL
                        THEN address.parent_id
                        ELSE COALESCE(so.person_id, so.partner_id)
                   END AS partner_id,
                   COALESCE(so.person_id, so.partner_id) AS address_id,
                   so.partner_id AS order_partner_id,
                   so.company_id AS company_id,
                   company.currency_id AS currency_id,
                   so.date_order AS date_order,
                   (so.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS date,
                   'sale' AS source,
                   so.id AS order_id,
                   so.name AS order_ref,
                   NULL::int AS record_id,
                   line.product_id AS product_id,
                   NULL::varchar AS product_text,
                   template.categ_id AS categ_id,
                   line.product_uom_qty * COALESCE(line_uom.factor, 1)
                       / COALESCE(NULLIF(product_uom.factor, 0), 1) AS quantity,
                   line.price_total / COALESCE(NULLIF(so.currency_rate, 0), 1)
                       AS amount_tax_included,
                   line.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1)
                       AS amount_tax_excluded,
                   so.user_id AS user_id
              FROM sale_order so
              JOIN sale_order_line line ON line.order_id = so.id
              LEFT JOIN res_partner address ON address.id = COALESCE(so.person_id, so.partner_id)
              LEFT JOIN res_company company ON company.id = so.company_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
              LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
             WHERE so.state = 'sale'
               AND line.display_type IS NULL
               AND line.is_downpayment IS NOT TRUE
               AND (line.product_uom_qty <> 0 OR line.price_subtotal <> 0)
            """,
            address_types=ADDRESS_TYPES,
            tz=self._time_zone(),
        )
