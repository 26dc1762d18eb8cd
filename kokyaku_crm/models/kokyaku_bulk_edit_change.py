from odoo import fields, models


class KokyakuBulkEditChange(models.Model):
    """The old and the new value of one person by one line of a bulk edit, for its undo.

    Written and read by statements only, nobody has access. ``old`` and ``new`` are texts of the
    column; of lists the ids that went and that came, as an array; of consents the cell as JSON.
    They go when the person is erased, see ``PERSONAL_LISTS``.
    """

    _name = "kokyaku.bulk.edit.change"
    _description = "Old Values of a Bulk Edit"
    _log_access = False
    _rec_name = "partner_id"

    edit_id = fields.Many2one("kokyaku.bulk.edit", required=True, ondelete="cascade")
    line_id = fields.Many2one(
        "kokyaku.bulk.edit.line", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    old = fields.Text()
    new = fields.Text()
    undone = fields.Boolean()

    _of_edit = models.Index("(edit_id, line_id)")
