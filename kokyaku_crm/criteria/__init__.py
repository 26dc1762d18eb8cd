"""Plain rules of the criteria of selection sets (抽出条件); no Odoo here."""
