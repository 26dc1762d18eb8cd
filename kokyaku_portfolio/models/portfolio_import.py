from odoo import models


class KokyakuImport(models.Model):
    """What imported sales change is in the portfolio at once, not only the next morning."""

    _inherit = "kokyaku.import"

    def _end(self, run):
        result = super()._end(run)
        self._refresh_portfolios()
        return result

    def _undo(self, turn=None):
        is_done = super()._undo(turn)
        if is_done:
            self._refresh_portfolios()
        return is_done

    def _refresh_portfolios(self):
        """Ask for the refresh that comes at night, when sales came or went."""
        if self.kind == "sales":
            self.env.ref("kokyaku_portfolio.cron_refresh").sudo()._trigger()
