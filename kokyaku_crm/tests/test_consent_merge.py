from datetime import date

from odoo.tests import tagged

from .consent_common import ConsentCase


@tagged("post_install", "-at_install")
class TestConsentMerge(ConsentCase):
    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)

    def test_the_stricter_consent_wins_and_nothing_is_lost(self):
        keep = self.haruyama
        gone = self.env["res.partner"].create({"name": "春山 瞳", "deceased_on": "2026-10-01"})
        for partner, channel, state in (
            (keep, "post", "allowed"),
            (gone, "post", "refused"),
            (keep, "email", "refused"),
            (gone, "email", "allowed"),
            (keep, "fax", "unknown"),
            (gone, "fax", "allowed"),
            (gone, "phone", "allowed"),
        ):
            self.consents.create(
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "purpose": "promotion",
                    "state": state,
                    "basis": f"{partner.name} {channel}",
                }
            )
        self.env["kokyaku.mourning"].create([{"partner_id": p.id} for p in (keep, gone)])
        before = len(self._log(partner=keep)) + len(self._log(partner=gone))
        self._merge(gone, keep)
        self.env.invalidate_all()
        self.assertEqual(
            {c.channel: c.state for c in keep.consent_ids},
            {"post": "refused", "email": "refused", "fax": "allowed", "phone": "allowed"},
        )
        self.assertEqual(len(keep.mourning_ids), 2)
        self.assertEqual(keep.deceased_on, date(2026, 10, 1))
        log = self._log(partner=keep)
        self.assertEqual(len(log), before + 4)  # three consents that went, and the day of death
        lost = log.filtered(lambda row: row.screen == "merge" and row.kind == "consent")
        self.assertEqual(
            {(row.channel, row.old, row.basis) for row in lost},
            {
                ("post", "allowed", "春山 ひとみ post"),
                ("email", "allowed", "春山 瞳 email"),
                ("fax", "unknown", "春山 ひとみ fax"),
            },
        )
