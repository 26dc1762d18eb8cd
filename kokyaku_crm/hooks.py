"""What has to happen beside the data files when the add-on comes and goes."""

from .models import kokyaku_consent_log
from .models.search_functions import drop_functions
from .models.search_triggers import drop_triggers


def post_init_hook(env):
    """Let PostgreSQL look at the new index on the orders' customers once.

    The index is over an expression. Until the next ANALYZE the planner knows nothing about
    it, and autovacuum waits for a tenth of the orders to change. It reads a sample only.
    """
    env.cr.execute("ANALYZE sale_order")
    env["kokyaku.partner.key"]._ensure_filled()


def uninstall_hook(env):
    """Delete the result files of the runs: they hang on a model that goes away. The demo
    company, where there is one, stays. The functions and triggers of the search go."""
    env["ir.attachment"].search(
        [("res_model", "=", "kokyaku.run"), ("res_field", "in", [False, ""])]
    ).unlink()
    env["kokyaku.selection.set"].with_context(active_test=False).search([]).reminder_id.unlink()
    kokyaku_consent_log.drop_triggers(env.cr)
    env["kokyaku.demo"]._let_go()
    drop_triggers(env.cr)
    drop_functions(env.cr)
    env["ir.config_parameter"].search([("key", "=", "kokyaku_crm.search_keys")]).unlink()
