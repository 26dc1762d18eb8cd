"""A product master."""

import numpy as np


def convert(columns):
    """Return (rows, rejects)."""
    texts = ("product_code", "product_name", "category", "attribute_text", "barcode")
    out = {target: columns.text(target) for target in texts}
    out["unit_price"] = columns.numbers("unit_price")
    lacking = (out["product_code"] == "") & (out["product_name"] == "")
    columns.reject(np.asarray(lacking, dtype=bool).nonzero()[0], "product_code", "missing")
    return columns.finished(out)
