from odoo.addons.kokyaku_crm.tests.common import KokyakuCase

WORDS = {
    "code": "customer_code",
    "name": "buyer_name",
    "kana": "buyer_kana",
    "email": "buyer_email",
    "phone": "buyer_phone",
    "zip": "buyer_zip",
    "address": "buyer_address",
    "company": "buyer_company",
}


class LinkingCase(KokyakuCase):
    """A shop with customers, and sales lines that came without them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.partner.key"]._fill()
        cls.import_ = cls._new_import()
        cls.tanaka = cls.env["res.partner"].create(
            {
                "name": "田中 一郎",
                "kana": "タナカ イチロウ",
                "ref": "K001",
                "email": "ichiro@example.com",
                "phone": "03-1234-5678",
                "zip": "101-0051",
                "city": "千代田区",
                "street": "神田神保町1-2-3",
            }
        )
        cls.links = cls.env["kokyaku.sales.link"]

    @classmethod
    def _new_import(cls, source="till", company=None):
        return cls.env["kokyaku.import"].create(
            {
                "kind": "sales",
                "file_name": "売上.csv",
                "source": source,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _lines(cls, *lines, import_=None, amount=1000, date="2026-05-01"):
        """Sales lines as the import stores them, each from the words of its buyer."""
        import_ = import_ or cls.import_
        records = cls.env["kokyaku.sales.record"].sudo()
        number = records.search_count([])
        return records.create(
            [
                {
                    "company_id": import_.company_id.id,
                    "import_id": import_.id,
                    "source": import_.source,
                    "external_key": f"{number + place}",
                    "date": date,
                    "amount": amount,
                    **{WORDS[word]: text for word, text in line.items()},
                }
                for place, line in enumerate(lines)
            ]
        )

    @classmethod
    def _linked(cls, *lines, import_=None, **values):
        """Make lines and link them; return (customer, by what) of each."""
        records = cls._lines(*lines, import_=import_, **values)
        cls.links._link_lines((import_ or cls.import_).company_id)
        return [(record.partner_id, record.linked_by) for record in records]

    def _nobody(self):
        return (self.env["res.partner"], False)

    def _buyers(self, lines):
        return self.links.browse(set(lines.mapped("link_id")))
