"""What Odoo cannot take away by itself when the add-on is uninstalled."""


def uninstall_hook(env):
    """Delete the result files of the runs: they hang on a model that goes away."""
    env["ir.attachment"].search(
        [("res_model", "=", "kokyaku.run"), ("res_field", "in", [False, ""])]
    ).unlink()
