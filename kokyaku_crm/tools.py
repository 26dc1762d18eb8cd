"""Small helpers for the add-ons of the house."""

from odoo.fields import Domain


def selected_domain(records):
    """Return the domain of what the user has selected in a list of ``records``' model.

    The web client sends ``active_ids`` and ``active_domain``, always both. The ids are the
    selection, unless "select all" was chosen and there are more than the client sends
    (``web.active_ids_limit``, 20 000): then the domain is what was meant, all of it and
    not only the page.
    """
    context = records.env.context
    active_ids = context.get("active_ids") or []
    limit = int(records.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", 20000))
    if context.get("active_domain") is not None and (not active_ids or len(active_ids) >= limit):
        return Domain(context["active_domain"])
    return Domain("id", "in", active_ids)


def selected_records(records):
    """Return the records the user has selected (see ``selected_domain``)."""
    return records.search(selected_domain(records))
