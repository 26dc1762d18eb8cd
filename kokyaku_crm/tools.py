"""Small helpers for the add-ons of the house."""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

DEFAULT_TZ = "Asia/Tokyo"
# 担当者なし: the group of who has no staff in charge, where lists are grouped by them.
NOBODY_IN_CHARGE = _lt("Nobody in Charge")  # pylint: disable=prefer-env-translation


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


def told(message, kind="success", **params):
    """Return the action that tells the user something and shows the screen anew.

    :param str message: what was done, translated
    :param str kind: success, warning, info or danger
    :param params: more of core's ``display_notification``, as ``sticky``
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "message": message,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            **params,
        },
    }


def office_today(records, moment=None):
    """Return today, or the day of `moment` (UTC), as the office counts it: by the user's time
    zone, else the company's. A cron and a visitor of the web site have none of their own, and
    in UTC it is yesterday until nine in the morning."""
    if not (records.env.context.get("tz") or records.env.user.tz):
        records = records.with_context(tz=company_tz(records.env.company))
    return fields.Date.context_today(records, moment)


def is_future(records, day):
    """Say whether a day (a date) has begun neither for the user nor for the company."""
    company = records.with_context(tz=company_tz(records.env.company))
    return day > max(office_today(records), office_today(company))


def company_tz(company):
    """The zone whose calendar days count for a company: its own, else Tokyo's."""
    partner = company.sudo().partner_id
    partner.fetch(["tz"])  # without the hundred other fields of a partner
    return partner.tz or DEFAULT_TZ
