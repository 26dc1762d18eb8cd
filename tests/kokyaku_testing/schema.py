"""What a database consists of, to be compared before and after."""

# Each statement gives one text per thing of its kind.
KINDS = {
    "columns": """
        SELECT concat_ws(' ', table_name, column_name, udt_name, character_maximum_length,
                         is_nullable, column_default)
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "relations": """
        SELECT concat_ws(' ', relkind, relname, relpersistence) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
    """,
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT concat_ws(' ', oid::regprocedure, md5(prosrc)) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
    """,
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'",
    "extensions": "SELECT extname FROM pg_extension",
    "comments": """
        SELECT concat_ws(' ', objoid::regclass, objsubid, description) FROM pg_description
         WHERE classoid = 'pg_class'::regclass
           AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    """,
    "storage": """
        SELECT concat_ws(' ', relname, reloptions) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
    """,
    "crons": "SELECT cron_name FROM ir_cron",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT concat_ws(' ', model, name, ttype) FROM ir_model_fields",
    "selections": """
        SELECT concat_ws(' ', f.model, f.name, s.value) FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id
    """,
    # Without Odoo's notes of foreign keys (type f): it forgets to delete them for any module.
    # The keys themselves are among the constraints.
    "model constraints": """
        SELECT concat_ws(' ', name, definition) FROM ir_model_constraint WHERE type <> 'f'
    """,
    "model relations": "SELECT name FROM ir_model_relation",
    "external ids": """
        SELECT concat_ws('.', module, name) FROM ir_model_data
         WHERE NOT (model = 'ir.module.module' AND module = 'base')
    """,
    "external ids without a record": """
        SELECT concat_ws(' ', module, name, model) FROM ir_model_data
         WHERE model LIKE 'kokyaku.%' OR module LIKE 'kokyaku%'
    """,
    "views": "SELECT concat_ws(' ', key, name, model, type, active) FROM ir_ui_view",
    "menus": "SELECT coalesce(name->>'en_US', name::text) FROM ir_ui_menu",
    "actions": """
        SELECT concat_ws(' ', a.type, a.name->>'en_US', m.model) FROM ir_actions a
          LEFT JOIN ir_model m ON m.id = a.binding_model_id
    """,
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "members of groups": """
        SELECT concat_ws(' ', u.login, g.name->>'en_US') FROM res_groups_users_rel r
          JOIN res_users u ON u.id = r.uid JOIN res_groups g ON g.id = r.gid
    """,
    "access": "SELECT name FROM ir_model_access",
    "rules": "SELECT name FROM ir_rule",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": """
        SELECT concat_ws(' ', f.model, f.name, d.json_value) FROM ir_default d
          JOIN ir_model_fields f ON f.id = d.field_id
    """,
    "sequences of records": "SELECT concat_ws(' ', code, name) FROM ir_sequence",
    "files": """
        SELECT concat_ws(' ', res_model, res_field, name) FROM ir_attachment
         WHERE res_model LIKE 'kokyaku%' OR name LIKE '%kokyaku%'
    """,
    "messages": "SELECT concat_ws(' ', model, id) FROM mail_message WHERE model LIKE 'kokyaku%'",
    "activities": "SELECT res_model FROM mail_activity WHERE res_model LIKE 'kokyaku%'",
    "favourite filters": "SELECT model_id FROM ir_filters WHERE model_id LIKE 'kokyaku%'",
    "categories": "SELECT name->>'en_US' FROM ir_module_category",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "paper formats": "SELECT name FROM report_paperformat",
    "assets": "SELECT path FROM ir_asset",
}

# When a number that res.partner.phone_sanitized is computed from goes, Odoo deletes the fields
# that res.users inherits from it and makes them anew, without their external ids.
DONE_BY_ODOO = {
    "external ids gone: phone_validation.field_res_users__phone_blacklisted",
    "external ids gone: phone_validation.field_res_users__phone_sanitized",
    "external ids gone: phone_validation.field_res_users__phone_sanitized_blacklisted",
}

def read(execute):
    """Read the state of a database.

    :param execute: a function that runs SQL and returns the rows
    :return: a dictionary of kind → sorted list of texts
    """
    return {kind: sorted(row[0] or "" for row in execute(sql)) for kind, sql in KINDS.items()}


def differences(before, after):
    """What went and what came, a line each."""
    lines = []
    for kind in KINDS:
        old, new = set(before[kind]), set(after[kind])
        lines += [f"{kind} gone: {text}" for text in sorted(old - new)]
        lines += [f"{kind} left: {text}" for text in sorted(new - old)]
        if old == new and len(before[kind]) != len(after[kind]):
            lines.append(f"{kind}: {len(before[kind])} became {len(after[kind])}")
    return [line for line in lines if line not in DONE_BY_ODOO]
