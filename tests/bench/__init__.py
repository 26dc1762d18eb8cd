"""The benchmark: each figure of the product against its floor, in one run (design §4)."""
