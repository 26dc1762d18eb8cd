"""What the tests of this folder share: databases, a served Odoo, a browser."""
