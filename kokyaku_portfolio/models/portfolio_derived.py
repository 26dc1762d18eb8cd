from datetime import timedelta
from math import ceil, floor

from odoo import models
from odoo.fields import Domain

STORED = {"r": "last_date", "f": "purchase_days", "m": "amount"}  # what a score is derived from
LOWEST, HIGHEST = 1, 5


class Portfolio(models.Model):
    """Conditions on figures that move with every day, as conditions on what is stored.

    A score of 4 is an amount between two cut-offs: so the planner knows how many that are. Of
    ``1 + (amount >= …) + …`` it knows nothing, and took seconds to find 80 000 people.
    """

    _inherit = "kokyaku.portfolio"

    def _derived_domain(self, name, operator, value):
        """Return the domain of the customer metrics for which a derived figure is so.

        :param str name: lapse_days, r_score, f_score or m_score
        :param str operator: ``in``, ``<``, ``<=``, ``>`` or ``>=``
        :param value: a number; for ``in`` several of them
        """
        self.ensure_one()
        known = self._derived_known(name)
        if operator == "in":
            return known & Domain.OR(
                self._derived_from(name, int(one)) & ~self._derived_from(name, int(one) + 1)
                for one in value
                if one == int(one)
            )
        if operator in (">=", ">"):
            least = ceil(value) if operator == ">=" else floor(value) + 1
            return known & self._derived_from(name, least)
        least = ceil(value) if operator == "<" else floor(value) + 1
        return known & ~self._derived_from(name, least)

    def _derived_known(self, name):
        """The domain of those who have this figure at all."""
        if name in ("lapse_days", "r_score"):
            return Domain("last_date", "!=", False) if self.as_of else Domain.FALSE
        return Domain.TRUE

    def _derived_from(self, name, least):
        """The domain of those whose figure is at least `least`."""
        if name == "lapse_days":
            return Domain("last_date", "<=", self.as_of - timedelta(days=least))
        if least <= LOWEST:
            return Domain.TRUE
        if least > HIGHEST:
            return Domain.FALSE
        letter = name[0]
        cut = self[f"{letter}_cut_{least}"]
        if letter == "r":
            return Domain("last_date", ">=", self.as_of - timedelta(days=cut))
        return Domain(STORED[letter], ">=", cut)
