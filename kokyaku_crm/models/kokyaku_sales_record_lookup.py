"""Which of our own records the words of a file of sales mean, for one part at a time.

Every look-up asks for the distinct words of the part in one statement. A word that could mean
two records means none: the line keeps its text and is listed.
"""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..naming import fold_name
from .kokyaku_sales_link import DECIDED

FOUND = {
    "product_id": ("product_code", "product_name"),
    "categ_id": ("category_name",),
    "user_id": ("user_name",),
}
"""{column: the words it was found by}."""


class KokyakuSalesRecord(models.Model):
    _inherit = "kokyaku.sales.record"

    @api.model
    def _found(self, import_, words):
        """Return {column: list of ids as texts, '' = none} for the rows of one part.

        :param import_: the ``kokyaku.import``: of its company are the records that may be meant
        :param words: {column of the record: list of texts}
        """
        company = import_.company_id
        orders, invoices = self._found_same(company, words["slip"], words["date"])
        return {
            "product_id": self._found_products(
                company, words["product_code"], words["product_name"]
            ),
            "categ_id": self._found_categories(words["category_name"]),
            "user_id": self._found_users(company, words["user_name"]),
            "partner_id": self._found_customers(import_, words),
            "order_id": orders,
            "move_id": invoices,
        }

    # ---- Products ------------------------------------------------------------------------

    @api.model
    def _found_products(self, company, codes, names):
        """By internal reference, else barcode, else name."""
        by_code = self._products_by(
            company, SQL("product.default_code"), codes
        )
        missing = [code for code in set(codes) if code and code not in by_code]
        by_code |= self._products_by(company, SQL("product.barcode"), missing)
        found = [by_code.get(code, "") for code in codes]
        missing = {name for name, id_ in zip(names, found, strict=True) if name and not id_}
        if missing:
            by_name = self._products_by_name(company, missing)
            if by_name:
                found = [
                    id_ or by_name.get(name, "") for name, id_ in zip(names, found, strict=True)
                ]
        return found

    def _products_by(self, company, column, words):
        words = [word for word in set(words) if word]
        if not words:
            return {}
        return _unambiguous(
            self.env.execute_query(
                SQL(
                    """SELECT %(column)s, product.id, product.active
                      FROM product_product product
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE %(column)s = ANY(%(words)s)
                       AND COALESCE(template.company_id, %(company)s) = %(company)s""",
                    column=column,
                    words=words,
                    company=company.id,
                )
            )
        )

    def _products_by_name(self, company, names):
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        named = SQL(" UNION ").join(
            SQL(
                """SELECT template.name->>%(lang)s AS name, product.id, product.active
                  FROM product_template template
                  JOIN product_product product ON product.product_tmpl_id = template.id
                 WHERE template.name->>%(lang)s = ANY(%(names)s)
                   AND COALESCE(template.company_id, %(company)s) = %(company)s""",
                lang=language,
                names=list(names),
                company=company.id,
            )
            for language in {"en_US", *languages}
        )
        return _unambiguous(self.env.execute_query(named))

    @api.model
    def _find_products(self, company):
        """Look up the product of every line that has none, for instance after a product master
        was imported; return how many lines found theirs."""
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(product_code, ''), COALESCE(product_name, '')
                  FROM kokyaku_sales_record
                 WHERE company_id = %s AND product_id IS NULL
                   AND COALESCE(product_code, product_name) IS NOT NULL GROUP BY 1, 2""",
                company.id,
            )
        )
        if not rows:
            return 0
        codes, names = map(list, zip(*rows, strict=True))
        found = self._found_products(company, codes, names)
        hits = [(*row, int(id_)) for row, id_ in zip(rows, found, strict=True) if id_]
        if not hits:
            return 0
        codes, names, ids = map(list, zip(*hits, strict=True))
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET product_id = hit.id
                  FROM unnest(%s, %s, %s) AS hit (code, name, id)
                 WHERE r.company_id = %s AND r.product_id IS NULL
                   AND COALESCE(r.product_code, '') = hit.code
                   AND COALESCE(r.product_name, '') = hit.name""",
                codes,
                names,
                ids,
                company.id,
            )
        )
        self.invalidate_model(["product_id"])
        return self.env.cr.rowcount

    def action_find_products(self):
        """商品を照合: see ``_find_products``; for all companies the user has chosen."""
        records = self.env["kokyaku.sales.record"]
        records.check_access("read")
        if not self.env.user.has_group("kokyaku_crm.group_user"):
            raise AccessError(self.env._("You may look at imported sales, but not change them."))
        found = sum(map(records.sudo()._find_products, self.env.companies))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if found else "info",
                "message": self.env._("%s lines have found their product.", f"{found:,}"),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ---- Categories and salespeople --------------------------------------------------------

    @api.model
    def _found_categories(self, names):
        words = [name for name in set(names) if name]
        if not words:
            return [""] * len(names)
        by_name = _unambiguous(
            self.env.execute_query(
                SQL(
                    """SELECT name, id, TRUE FROM product_category WHERE name = ANY(%(words)s)
                    UNION SELECT complete_name, id, TRUE FROM product_category
                     WHERE complete_name = ANY(%(words)s)""",
                    words=words,
                )
            )
        )
        return [by_name.get(name, "") for name in names]

    @api.model
    def _found_users(self, company, names):
        """By login, or by name whatever its spaces and width."""
        words = {name for name in names if name}
        if not words:
            return [""] * len(names)
        rows = self.env.execute_query(
            SQL(
                """SELECT u.login, p.name, u.id, u.active
                  FROM res_users u JOIN res_partner p ON p.id = u.partner_id
                 WHERE u.share IS NOT TRUE AND EXISTS (
                     SELECT FROM res_company_users_rel c
                      WHERE c.user_id = u.id AND c.cid = %s)""",
                company.id,
            )
        )
        users = _unambiguous([(login, id_, active) for login, _name, id_, active in rows])
        by_name = _unambiguous([(fold_name(name), id_, on) for _login, name, id_, on in rows])
        found = {word: users.get(word) or by_name.get(fold_name(word), "") for word in words}
        return [found.get(name, "") for name in names]

    # ---- Customers -------------------------------------------------------------------------

    @api.model
    def _found_customers(self, import_, words):
        """By customer code, else member number. Buyers whom somebody decided on by hand are left
        to the linking, which knows the decision.

        Web shops number their members from 1, as the office does its customers. So a code
        alone is not enough where names are known: if buyer and customer have no single
        character in common, the code means somebody else, and a human shall look.
        """
        codes = words["customer_code"]
        known = {}
        for column in ("member_number", "ref"):
            column = SQL.identifier("p", column)
            known |= self._customers_by(import_.company_id, column, codes)
        if known:
            for code in self._decided_codes(import_):
                known.pop(code, None)
        if not known:
            return [""] * len(codes)
        texts = {code: (id_, set(text)) for code, (id_, text) in known.items()}
        seen, found = {}, []
        for code, name, kana, house in zip(
            codes, words["buyer_name"], words["buyer_kana"], words["buyer_company"], strict=True
        ):
            if code not in texts:
                found.append("")
                continue
            key = (code, name, kana, house)
            if key not in seen:
                id_, theirs = texts[code]
                stated = set(f"{name}{kana}{house}") - _NO_NAME
                seen[key] = id_ if not stated or not theirs or stated & theirs else ""
            found.append(seen[key])
        return found

    def _decided_codes(self, import_):
        self.env["kokyaku.sales.link"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT customer_code FROM kokyaku_sales_link l
                WHERE company_id = %s AND source = %s AND %s AND customer_code IS NOT NULL""",
                import_.company_id.id,
                import_.source,
                SQL(DECIDED),
            )
        )
        return [code for (code,) in rows]

    def _customers_by(self, company, column, codes):
        """Return {code: (id as text, their names without spaces)}."""
        codes = [code for code in set(codes) if code]
        if not codes:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT %(column)s, p.id, p.active,
                       concat(p.name, p.kana, p.company_name, parent.name)
                  FROM res_partner p LEFT JOIN res_partner parent ON parent.id = p.parent_id
                 WHERE %(column)s = ANY(%(codes)s)
                   AND COALESCE(p.company_id, %(company)s) = %(company)s""",
                column=column,
                codes=codes,
                company=company.id,
            )
        )
        names = {str(id_): "".join(set(text) - _NO_NAME) for _code, id_, _active, text in rows}
        ids = _unambiguous([row[:3] for row in rows])
        return {code: (id_, names[id_]) for code, id_ in ids.items()}


_NO_NAME = set(" \u3000・様殿御中株式会社有限（）()")


def _unambiguous(rows):
    """Return {word: id as text} of rows (word, id, active): the only one in use, else the only
    one that ever was."""
    ids, in_use = defaultdict(set), defaultdict(set)
    for word, id_, active in rows:
        ids[word].add(id_)
        if active:
            in_use[word].add(id_)
    chosen = {word: in_use.get(word) or ids[word] for word in ids}
    return {word: str(*few) for word, few in chosen.items() if len(few) == 1}
