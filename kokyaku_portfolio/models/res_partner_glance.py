from odoo import models


class Partner(models.Model):
    """The tier in the glance over the partner's form."""

    _inherit = "res.partner"

    def _glance_cards(self):
        cards = super()._glance_cards()
        tier = self.kokyaku_tier_id
        if not tier:
            return cards
        line = self._glance_line(
            tier.name,
            note=self.env._("%s days ago", self.kokyaku_lapse_days),
            target=("#kokyaku_tier_history",),
            color=tier.color,
        )
        for card in cards:
            if card["name"] == "purchases":
                card["lines"].insert(0, line)
        return cards
