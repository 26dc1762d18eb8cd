from odoo.tests import tagged

from .common import PortfolioCase

# The rows printed in seeds/001: code, amount, first, last, tenure, lapse on 2007-02-28.
# The last purchase of A-0110 is printed 2006/2/6; both printed day counts belong to 2006/2/8.
PRINTED = """
A-0104  105607 2003-03-30 2003-10-28  212 1219
A-0105  126000 2003-03-30 2005-05-30  792  639
A-0106  141750 2003-03-30 2005-05-30  792  639
A-0107   89550 2003-06-30 2005-02-28  609  730
A-0108  404250 2003-12-28 2005-04-30  489  669
A-0109 1946700 2003-03-30 2005-02-06  679  752
A-0110  360530 2003-02-27 2006-02-08 1077  385
A-0111  286730 2002-04-06 2006-05-08 1493  296
A-0112  262080 2002-08-18 2003-08-24  371 1284
A-0113  272750 2002-09-26 2004-11-14  780  836
A-0114  262000 2002-12-03 2005-08-04  975  573
A-0115  255360 2002-12-03 2003-10-05  306 1242
A-0116  277800 2002-12-08 2005-02-28  813  730
A-0117   80640 2002-12-23 2006-03-01 1164  364
A-0118  302830 2002-12-29 2005-01-18  751  771
A-0119  276780 2002-12-26 2006-02-08 1140  385
"""


@tagged("post_install", "-at_install")
class TestPrintedSample(PortfolioCase):
    def test_the_printed_list_comes_out_as_printed(self):
        """Sixteen customers of the printed sample, all 優良離脱, days as on paper."""
        expected = {}
        for line in PRINTED.split("\n")[1:-1]:
            code, amount, first, last, tenure, lapse = line.split()
            customer = self.customer(code, ref=code)
            self.order(customer, first, 30_000)
            self.order(customer, last, int(amount) - 30_000)
            expected[code] = (int(amount), first, last, int(tenure), int(lapse), "loyal_lapsed")
        self.refresh("2007-02-28")
        rows = self.env["kokyaku.customer.metrics"].search(
            [("portfolio_id", "=", self.portfolio.id)]
        )
        self.assertEqual(
            {
                row.partner_id.ref: (
                    row.amount, str(row.first_date), str(row.last_date), row.tenure_days,
                    row.lapse_days, row.tier_id.code,
                )
                for row in rows
            },
            expected,
        )
