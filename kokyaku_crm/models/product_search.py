"""Finding products the way people are found: any kana, any width, hyphens or none.

Their names (in every language) and codes are folded by the index itself; there is no table of
keys beside the products.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..naming.query import patterns
from .search_functions import PRODUCT_CODES, PRODUCT_NAME

CONTAINS = ("ilike", "like")


def _found_by(column, table, expression, word):
    """Return a subselect of `column` of the rows that one of the word's patterns finds."""

    def fits(pattern):
        return SQL(
            "(kokyaku_grams(%s) @> %s::int[] AND %s LIKE %s)",
            SQL(expression),
            pattern.numbers,
            SQL(expression),
            pattern.like,
        )

    conditions = SQL(" OR ").join(fits(pattern) for pattern in word)
    return SQL("SELECT %s FROM %s WHERE %s", SQL(column), SQL.identifier(table), conditions)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        words = patterns(value) if operator in CONTAINS and isinstance(value, str) else None
        if not words:
            return domain
        self._flush_search_sources()
        return Domain(domain) | Domain.AND(
            Domain(
                "id",
                "in",
                SQL(
                    "(%s UNION ALL %s)",
                    _found_by("id", "product_template", PRODUCT_NAME, word),
                    _found_by("product_tmpl_id", "product_product", PRODUCT_CODES, word),
                ),
            )
            for word in words
        )

    @api.model
    def _flush_search_sources(self):
        self.env["product.template"].flush_model(["name"])
        self.env["product.product"].flush_model(["default_code", "barcode"])


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        words = patterns(value) if operator in CONTAINS and isinstance(value, str) else None
        return Domain(domain) | self._search_folded(words) if words else domain

    @api.model
    def _search_folded(self, words):
        """Return the domain of the products all words of a query are found in."""
        self.env["product.template"]._flush_search_sources()
        domains = []
        for word in words:
            templates = _found_by("id", "product_template", PRODUCT_NAME, word)
            products = _found_by("id", "product_product", PRODUCT_CODES, word)
            domains.append(
                Domain("product_tmpl_id", "in", SQL("(%s)", templates))
                | Domain("id", "in", SQL("(%s)", products))
            )
        return Domain.AND(domains)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Add what the folded name finds to what core has found, code and barcode first."""
        found = super().name_search(name, domain, operator, limit)
        words = patterns(name) if operator in CONTAINS else None
        if not words or (limit and len(found) >= limit):
            return found
        more = self.search_fetch(
            Domain(domain or Domain.TRUE)
            & self._search_folded(words)
            & Domain("id", "not in", [one for one, _name in found]),
            ["display_name"],
            limit=limit and limit - len(found),
        )
        return found + [(product.id, product.display_name) for product in more.sudo()]
