from odoo import fields, models


class KokyakuRunProgress(models.Model):
    """How far a running run is.

    A table of its own, because it is written by its own short transactions while the
    run's transaction works: were it a column of ``kokyaku.run``, the two would collide
    (REPEATABLE READ) as soon as the work writes its run.
    """

    _name = "kokyaku.run.progress"
    _description = "Progress of a Run"
    _log_access = False

    run_id = fields.Many2one("kokyaku.run", required=True, ondelete="cascade")
    progress = fields.Float(aggregator=False)
    message = fields.Char()

    _run_uniq = models.Constraint("UNIQUE(run_id)", "A run has one progress.")
