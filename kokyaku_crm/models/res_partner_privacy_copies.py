from odoo import models
from odoo.tools import SQL

# Texts nobody writes, where a replacement would break something.
TECHNICAL_TEXTS = (
    "access_token", "checksum", "message_id", "mimetype", "model", "res_field", "res_model",
    "state", "store_fname", "type",
)  # fmt: skip
# Fields that name a person without any link to them: what someone searched for, and the page of
# a daily report as it was submitted.
UNLINKED = ("domain", "partner_domain", "submitted_page")


class ResPartner(models.Model):
    """消去: the copies elsewhere of a person who is erased.

    In every row of any table that refers to them, name, phone and e-mail are replaced wherever
    they were copied to: names on invoices, texts of meetings, messages of orders; and in the
    conditions by which someone searched for them, and in daily reports on screen.
    """

    _inherit = "res.partner"

    def _erase_copies(self, traces, mark):
        """Replace `traces` by `mark` in all rows that refer to these partners, in the rows
        linked with them by a relation, and in the messages and files of either."""
        if not traces:
            return
        wizard = self.env["base.partner.merge.automatic.wizard"]
        models_of = {
            model._table: name
            for name, model in self.env.registry.items()
            if model._auto and not model._abstract
        }
        texts = self._text_columns()
        ids = SQL("ANY(%s)", self.ids)
        for table, column in wizard._get_fk_on("res_partner"):
            condition = SQL("%s = %s", SQL.identifier(column), ids)
            if table in models_of:
                self._replace(table, texts, condition, traces, mark)
                self._replace_lines(models_of[table], texts, condition, traces, mark)
                self._replace_around(models_of[table], texts, condition, traces, mark)
                continue
            for other_column, other in self._relation_targets(table, column):
                chosen = SQL(
                    "id IN (SELECT %s FROM %s WHERE %s)",
                    SQL.identifier(other_column),
                    SQL.identifier(table),
                    condition,
                )
                self._replace(other, texts, chosen, traces, mark)
                if other in models_of:
                    self._replace_around(models_of[other], texts, chosen, traces, mark)
        self._replace_messages(
            SQL("SELECT mail_message_id FROM mail_notification WHERE res_partner_id = %s", ids),
            texts, traces, mark,
        )  # fmt: skip
        self._replace_unlinked(traces, mark)

    def _replace_unlinked(self, traces, mark):
        """Replace in kept conditions (of bulk edits, sets, favourites …) and daily reports: they
        name a person without any link to them. Two letters alone tell nobody and stay what
        others look for."""
        traces = [trace for trace in traces if len(trace) > 2]
        for name, model in self.env.registry.items():
            ours = name == "ir.filters" or name.startswith("kokyaku.")
            if model._abstract or not model._auto or not ours:
                continue
            columns = [
                (fname, False)
                for fname in UNLINKED
                if fname in model._fields
                and model._fields[fname].store
                and model._fields[fname].column_type
            ]
            if columns and traces:
                texts = {model._table: columns}
                self._replace(model._table, texts, SQL("TRUE"), traces, mark)

    def _text_columns(self):
        """Return {table: [(column, is jsonb)]} of the columns that can hold a text."""
        self.env.cr.execute(
            """SELECT table_name, column_name, data_type = 'jsonb'
                 FROM information_schema.columns
                WHERE table_schema = current_schema()
                  AND data_type IN ('text', 'character varying', 'jsonb')
                  AND column_name <> ALL(%s)""",
            [list(TECHNICAL_TEXTS)],
        )
        texts = {}
        for table, column, is_json in self.env.cr.fetchall():
            texts.setdefault(table, []).append((column, is_json))
        return texts

    def _relation_targets(self, table, column):
        """Return (column, table) at the other end of a many2many table."""
        self.env.cr.execute(
            """SELECT a.attname, target.relname
                 FROM pg_constraint c
                 JOIN pg_class source ON source.oid = c.conrelid
                 JOIN pg_class target ON target.oid = c.confrelid
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'f' AND source.relname = %s AND a.attname <> %s
                  AND source.relnamespace = current_schema::regnamespace""",
            (table, column),
        )
        return [row for row in self.env.cr.fetchall() if row[1] not in ("res_partner", "res_users")]

    def _replace_lines(self, model_name, texts, condition, traces, mark):
        """Replace in the lines of the rows of a model: those of an invoice to a person of a
        company refer to the company, and repeat the invoice's reference."""
        model = self.env[model_name]
        for field in model._fields.values():
            lines = self.env[field.comodel_name] if field.type == "one2many" else None
            link = lines is not None and lines._fields.get(field.inverse_name)
            if (
                not link
                or not link.store
                or link.type != "many2one"
                or not lines._auto
                or lines._name in ("res.partner", "res.users")
            ):
                continue
            chosen = SQL(
                "%s IN (SELECT id FROM %s WHERE %s)",
                SQL.identifier(link.name),
                SQL.identifier(model._table),
                condition,
            )
            self._replace(lines._table, texts, chosen, traces, mark)

    def _replace_around(self, model_name, texts, condition, traces, mark):
        """Replace in the messages and files of the rows of a model under `condition`."""
        model = self.env[model_name]
        if model_name in ("mail.message", "res.partner", "res.users") or not model._auto:
            return
        rows = SQL("SELECT id FROM %s WHERE %s", SQL.identifier(model._table), condition)
        if isinstance(model, self.pool["mail.thread"]):
            messages = SQL(
                "SELECT id FROM mail_message WHERE model = %s AND res_id IN (%s)",
                model_name,
                rows,
            )
            self._replace_messages(messages, texts, traces, mark)
        files = SQL("res_model = %s AND res_id IN (%s)", model_name, rows)
        self._replace("ir_attachment", texts, files, traces, mark)

    def _replace_messages(self, messages, texts, traces, mark):
        for table, column in (
            ("mail_message", "id"),
            ("mail_mail", "mail_message_id"),
            ("mail_tracking_value", "mail_message_id"),
            ("mail_notification", "mail_message_id"),
        ):
            condition = SQL("%s IN (%s)", SQL.identifier(column), messages)
            self._replace(table, texts, condition, traces, mark)

    def _replace(self, table, texts, condition, traces, mark):
        """One UPDATE of one table: `mark` for each of `traces`, in all of its text columns."""
        columns = texts.get(table)
        if not columns:
            return
        patterns = [f"%{_escape_like(trace)}%" for trace in traces]
        assignments, found = [], []
        for name, is_json in columns:
            text = column = SQL.identifier(name)
            if is_json:
                text = SQL("%s::text", column)
            found.append(SQL("%s LIKE ANY(%s)", text, patterns))
            for trace in traces:
                text = SQL("replace(%s, %s, %s)", text, trace, mark)
            if is_json:
                text = SQL("(%s)::jsonb", text)
            assignments.append(SQL("%s = %s", column, text))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE (%s) AND (%s)",
                SQL.identifier(table),
                SQL(", ").join(assignments),
                condition,
                SQL(" OR ").join(found),
            )
        )


def _escape_like(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
