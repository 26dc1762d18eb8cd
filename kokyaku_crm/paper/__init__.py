"""What every page of paper needs, whoever draws it. Plain Python: nothing of Odoo in it."""
