"""What the derived tables have in common."""

from odoo import fields


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key in the database.

    The derived tables are written by the hundred thousand rows and can be computed again at
    any time. Checking a foreign key row by row would double the time of a refresh, and core's
    partner merge would follow it and delete rows (it deletes what violates a constraint). A
    partner that goes is put on the change queue instead, and the next refresh takes its rows
    away.
    """

    def update_db_foreign_key(self, model, column):
        """Create no foreign key."""
