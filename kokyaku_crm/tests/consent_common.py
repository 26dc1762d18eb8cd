from .common import KokyakuCase


class ConsentCase(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env["kokyaku.consent"]
        cls.haruyama.write(
            {
                "email": "haruyama@example.jp",
                "phone": "03-1234-5678",
                "mobile_phone": "090-1234-5678",
                "fax": "03-1234-5679",
                "city": "千代田区",
                "street": "丸の内1-1",
            }
        )

    def _say(self, channel, purpose, state, basis="申込書", **values):
        return self.consents.create(
            {
                "partner_id": self.haruyama.id,
                "channel": channel,
                "purpose": purpose,
                "state": state,
                "basis": basis,
                **values,
            }
        )

    def _reason(self, channel, purpose, on=None, partner=None):
        partner = partner or self.haruyama
        return partner._reach_refusals(channel, purpose, on).get(partner.id)

    def _log(self, kind=None, partner=None):
        self.env.flush_all()
        self.env["kokyaku.consent.log"].invalidate_model()
        domain = [("partner_id", "=", (partner or self.haruyama).id)]
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["kokyaku.consent.log"].search(domain, order="id")
