"""What the ORM cannot take back by itself when the add-on goes."""

from .models.change_queue import drop_triggers
from .models.portfolio_source import drop_statistics
from .models.portfolio_stage import drop_permanent_stage


def uninstall_hook(env):
    """Drop the triggers on core tables and their functions, the statistics on these tables, and
    the staging tables; the tables of the models go with the models."""
    drop_triggers(env.cr)
    drop_permanent_stage(env.cr)
    drop_statistics(env.cr)
