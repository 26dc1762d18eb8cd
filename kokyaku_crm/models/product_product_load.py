from odoo import api, models

from .kokyaku_sales_record_load import Contradicting

AT_ONCE = 500  # products made by one call of the ORM
UNTRACKED = {"tracking_disable": True, "mail_create_nolog": True}
WORDS = ("product_code", "product_name", "category", "attribute_text", "barcode")
COMPARED = ("name", "default_code", "barcode", "categ_id", "list_price")


class ProductProduct(models.Model):
    """商品マスターの取込: the products of a file, found by code, barcode or name, or made."""

    _inherit = "product.product"

    @api.model
    def _load_products(self, import_, rows):
        """Store one part of a product master, in the present transaction.

        What the file leaves empty stays as it is. Lines of sales that waited for one of the
        products find it.

        :param import_: the ``kokyaku.import``
        :param rows: DataFrame as of ``kokyaku_crm.reading.convert``
        :return: dict of counts: ``new``, ``updated``, ``same``, ``rejected``
        """
        self.check_access("create")
        counts = {"new": 0, "updated": 0, "same": 0, "rejected": 0}
        this = self.with_company(import_.company_id).with_context(**UNTRACKED)
        self.env.flush_all()
        stated = this._stated_values(import_, rows)
        self.env.flush_all()
        found = this._found_in_file(import_.company_id, stated)
        new, seen, nameless = [], {}, []
        for row, values, id_ in zip(rows.index, stated, found, strict=True):
            key = values.get("default_code") or values.get("barcode") or values["name"]
            if key in seen:
                if seen[key] == values:
                    counts["same"] += 1
                else:
                    import_._reject([Contradicting(int(row), key)])
                    counts["rejected"] += 1
                continue
            seen[key] = values
            if id_:
                changed = this.browse(int(id_))._take_values(import_, values)
                counts["updated" if changed else "same"] += 1
            else:
                if "name" not in values:
                    nameless.append((int(row), "", key, "no_product_name", True))
                new.append({"name": values.get("default_code"), **values})
        this._make_new(import_, new)
        import_._list_rows(nameless)
        counts["new"] = len(new)
        if new or counts["updated"]:
            self.env.flush_all()
            self.env["kokyaku.sales.record"].sudo()._find_products(import_.company_id)
        return counts

    def _stated_values(self, import_, rows):
        """Return what each row says, as values to be written; what it leaves empty is not in.
        A category whose name several have is none, and listed."""
        empty = [""] * len(rows)
        words = {
            name: rows[name].fillna("").tolist() if name in rows else empty for name in WORDS
        }
        prices = rows["unit_price"].tolist() if "unit_price" in rows else [None] * len(rows)
        categories = self._categories_named(words["category"])
        import_._list_rows(
            [
                (int(row), "", name, "several_categories", True)
                for row, name in zip(rows.index, words["category"], strict=True)
                if name and not categories[name]
            ]
        )
        stated = []
        for code, name, category, attribute, barcode, price in zip(
            *words.values(), prices, strict=True
        ):
            values = {
                "name": f"{name}（{attribute}）" if name and attribute else name,
                "default_code": code,
                "barcode": barcode,
                "categ_id": categories.get(category),
            }
            values = {field: value for field, value in values.items() if value}
            if price is not None and price == price:  # not a number is none
                values["list_price"] = price
            stated.append(values)
        return stated

    def _categories_named(self, names):
        """Return {name: id}; categories that are not there are made, and a name that several
        have is None."""
        wanted = sorted({name for name in names if name})
        found = self.env["kokyaku.sales.record"]._found_categories(wanted)
        ids = {name: int(id_) for name, id_ in zip(wanted, found, strict=True) if id_}
        categories = self.env["product.category"]
        named = categories.search([("name", "in", [name for name in wanted if name not in ids])])
        several = dict.fromkeys(named.mapped("name"))
        missing = [name for name in wanted if name not in ids and name not in several]
        made = categories.create([{"name": name} for name in missing])
        return several | ids | dict(zip(missing, made.ids, strict=True))

    def _found_in_file(self, company, stated):
        """Return the id of each row's product as a text, '' for none.

        Two products of one name are told apart by their codes: so a row with a code or barcode
        is never found by its name.
        """
        records = self.env["kokyaku.sales.record"]
        codes = [values.get("default_code", "") for values in stated]
        barcodes = [values.get("barcode", "") for values in stated]
        names = [
            "" if code or barcode else values.get("name", "")
            for values, code, barcode in zip(stated, codes, barcodes, strict=True)
        ]
        by_code = records._found_products(company, codes, names)
        by_barcode = records._found_products(company, barcodes, [""] * len(stated))
        found = [one or other for one, other in zip(by_code, by_barcode, strict=True)]
        self.browse([int(id_) for id_ in set(found) if id_]).fetch(COMPARED)
        return found

    def _take_values(self, import_, values):
        """Write what differs; return whether anything did."""
        now = self._values_now(values)
        changed = {name: value for name, value in values.items() if now[name] != value}
        if changed:
            self.write(changed)
            self.env["kokyaku.import.product"].sudo().create(
                {
                    "import_id": import_.id,
                    "product_id": self.id,
                    "before": {name: now[name] for name in changed},
                    "after": self._values_now(changed),
                }
            )
        return bool(changed)

    def _values_now(self, names):
        """Return what stands in these fields, as it would be written."""
        return {name: self[name].id if name == "categ_id" else self[name] for name in names}

    def _make_new(self, import_, stated):
        for start in range(0, len(stated), AT_ONCE):
            products = self.create(
                [
                    {"type": "consu", "list_price": 0.0, **values}  # else it would cost 1
                    for values in stated[start : start + AT_ONCE]
                ]
            )
            self.env["kokyaku.import.product"].sudo().create(
                [{"import_id": import_.id, "product_id": product.id} for product in products]
            )

    def _used_products(self):
        """Return those of these products that stand on an order or an imported line."""
        lines = self.env["sale.order.line"].sudo()
        records = self.env["kokyaku.sales.record"].sudo()
        among = [("product_id", "in", self.ids)]
        used = [product for (product,) in lines._read_group(among, ["product_id"])]
        used += [product for (product,) in records._read_group(among, ["product_id"])]
        return self.browse().union(*used)
