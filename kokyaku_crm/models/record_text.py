"""Any record as text, for the disclosure (開示).

Functions and not methods on ``base``: a class that extends ``base`` has Odoo set up the tables of
all models again when it is installed.
"""

from odoo.tools import format_amount, format_date, format_datetime, html2plaintext

SHOWN_TYPES = (
    "char text html date datetime selection many2one many2many integer float boolean".split()
)
# How Odoo works inside, or the same once more.
TECHNICAL = set(
    "id active color message_bounce company_registry_placeholder complete_name display_name "
    "email_normalized phone_sanitized commercial_partner_id commercial_company_name type lang tz "
    "is_company partner_share contact_address_complete create_uid write_uid write_date "
    "customer_rank supplier_rank sequence partner_id name_split_unsure properties "
    "signup_type peppol_eas autopost_bills ignore_abnormal_invoice_date "
    "ignore_abnormal_invoice_amount specific_property_product_pricelist channel_ids "
    "calendar_last_notif_ack trust meeting_ids partner_latitude partner_longitude employee "
    "barcode kana_sort".split()
)
# In a list these stand in every row and tell nothing of the person.
NOT_IN_LISTS = {"create_date", "company_id"}


def disclosable(records):
    """Names of the stored fields that say something about someone."""
    return [
        name
        for name, field in records._fields.items()
        if field.store
        and field.type in SHOWN_TYPES
        and name not in TECHNICAL
        and not name.startswith(("message_", "activity_", "image_", "property_", "account_"))
    ]


def _told_by(records, name):
    """The field that says the value of `name` in words: of the field itself, unless the model
    names another one in ``_told_by``, as for codes that only the program reads."""
    return getattr(records, "_told_by", {}).get(name, name)


def field_text(record, name):
    """The value of a field as text, "" for nothing."""
    name = _told_by(record, name)
    env, field, value = record.env, record._fields[name], record[name]
    if not value:
        return ""
    if field.type == "html":
        return html2plaintext(value).strip()
    if field.type == "date":
        return format_date(env, value)
    if field.type == "datetime":
        return format_datetime(env, value)
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, str(value))
    if field.type in ("many2one", "many2many"):
        return ", ".join(one.sudo().display_name or "" for one in value)
    if field.type == "boolean":
        return env._("Yes")
    if field.type == "monetary":
        return format_amount(env, value, record[field.get_currency_field(record)])
    if field.type == "float":
        return f"{value:g}"
    return str(value)


def record_table(records, names=None):
    """Records as rows, the first one the header; columns that are empty throughout are left
    out."""
    names = names or [name for name in disclosable(records) if name not in NOT_IN_LISTS]
    texts = [[field_text(record, name) for name in names] for record in records]
    used = [i for i in range(len(names)) if any(row[i] for row in texts)]
    if not used:
        return []
    header = tuple(
        records._fields[_told_by(records, names[i])]._description_string(records.env)
        for i in used
    )
    return [header, *(tuple(row[i] for i in used) for row in texts)]
