"""The floors: what each line of the benchmark is measured against.

Plain SQL and plain library calls as an expert would write them for this very job and nothing
else: no ORM, no rules but the default ones, no other time zone, no case that the benchmark's
data does not hold. None of it is taken from the product; each floor's result is compared with
the product's in the same run.

=============  ====================================================================
portfolio      refresh_full, rank, refresh_next_day, refresh_changed
people         name_search, bulk_edit
sets           set_build, set_rebuild, set_combine, set_compare, execute
importing      import_sales
customers      import_customers
linking        link_sales
filing         workbook, labels
tables         tables like the product's in the schema ``floor``; settings of all
=============  ====================================================================

The lines board, tier_list and person_page have no floor of their own: they are measured against
what Odoo itself serves (serving.py, opening.py).
"""

from . import customers, filing, importing, linking, people, portfolio, sets
from .tables import SETTINGS
