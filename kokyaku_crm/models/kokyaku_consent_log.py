from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from .kokyaku_consent import CHANNELS
from .kokyaku_selection_type import PURPOSES

KINDS = [
    ("consent", "Consent"),
    ("preferred_channel", "Preferred Channel"),
    ("email_blacklist", "E-Mail Blacklist"),
    ("phone_blacklist", "Phone Blacklist"),
    ("mourning", "Mourning"),
    ("deceased", "Deceased"),
    ("returned", "Returned Mail"),
    ("complaint", "Complaint"),
]
SCREENS = [
    ("office", "Office"),
    ("import", "Import"),
    ("bulk", "Bulk Edit"),
    ("portal", "Customer's Page"),
    ("registration", "Member Registration"),
    ("unsubscribe", "Unsubscribe Link"),
    ("merge", "Merge"),
    ("erase", "Erasure"),
    ("other", "Other"),
]
ON_OFF = [("on", "On"), ("off", "Off")]
# The columns of a person whose changes are logged: kind, and their value as text.
LOGGED_COLUMNS = {
    "preferred_channel": ("preferred_channel", "{r}.preferred_channel"),
    "deceased_on": ("deceased", "{r}.deceased_on::text"),
    "returned_mail": ("returned", "{r}.returned_mail::text"),
    "complaint_open": ("complaint", "CASE WHEN {r}.complaint_open THEN 'on' END"),
}


class KokyakuConsentLog(models.Model):
    """受取可否の変更履歴: every change of what may be sent to a person, and of what speaks
    against it. Rows are only ever added.

    How it works: triggers on ``kokyaku_consent``, on four columns of ``res_partner`` and on
    core's blacklists write the rows, so that a bulk edit, an import, a merge or a statement by
    hand is logged like a click. Mournings are logged by their model. Who and through which
    screen is told to the database by ``_tell`` for the rest of the transaction; where nobody
    told, the ``write_uid`` of the row counts.
    """

    _name = "kokyaku.consent.log"
    _description = "Consent Log"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "kind"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Datetime(
        string="Date and Time",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    user_id = fields.Many2one("res.users", string="Changed by", readonly=True, ondelete="set null")
    screen = fields.Selection(SCREENS, string="Through", readonly=True)
    kind = fields.Selection(KINDS, string="What", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    purpose = fields.Selection(PURPOSES, readonly=True)
    old = fields.Char(string="Old Value", readonly=True)
    new = fields.Char(string="New Value", readonly=True)
    basis = fields.Char(readonly=True)
    evidence = fields.Char(readonly=True)
    detail = fields.Char(readonly=True, help="The address or number, the relation …")
    old_text = fields.Char(string="Before", compute="_compute_texts")
    new_text = fields.Char(string="After", compute="_compute_texts")

    _of_person = models.Index("(partner_id, id DESC)")
    _told_by = {"old": "old_text", "new": "new_text"}  # for the disclosure, see record_text

    def init(self):
        self.pool.post_init(create_triggers, self.env.cr)  # once all the tables are there

    @api.depends("kind", "old", "new")
    @api.depends_context("lang")
    def _compute_texts(self):
        labels = {
            "consent": self._labels("state", "kokyaku.consent"),
            "preferred_channel": self._labels("channel"),
            "other": {"on": self.env._("Yes"), "off": self.env._("No")},
        }
        for row in self:
            texts = labels.get(row.kind, labels["other"])
            row.old_text = texts.get(row.old, row.old or "")
            row.new_text = texts.get(row.new, row.new or "")

    def _labels(self, fname, model=None):
        return dict(self.env[model or self._name]._fields[fname]._description_selection(self.env))

    def _as_texts(self):
        """One row as the page of the person shows it."""
        labels = {
            fname: dict(self._fields[fname]._description_selection(self.env))
            for fname in ("kind", "channel", "purpose", "screen")
        }
        what = labels["kind"][self.kind]
        if self.kind == "consent":
            what = f"{labels['channel'][self.channel]} / {labels['purpose'][self.purpose]}"
        return {
            "id": self.id,
            "date": format_datetime(self.env, self.date, dt_format="short"),
            "what": what,
            "old": self.old_text,
            "new": self.new_text,
            "why": " ".join(filter(None, (self.basis, self.evidence, self.detail))),
            "who": self.user_id.sudo().name or "",
            "through": labels["screen"].get(self.screen, ""),
        }

    # ---- Append-only --------------------------------------------------------------

    def write(self, vals):
        self._refuse_changes()
        return super().write(vals)

    def unlink(self):
        self._refuse_changes()
        return super().unlink()

    def _refuse_changes(self):
        raise UserError(
            self.env._(
                "The consent log is a record of what happened. Nothing in it "
                "can be changed or deleted."
            )
        )

    @api.model
    def _tell(self, screen=None):
        """Tell the triggers who is at work and through which screen, until someone else does.

        :param screen: one of ``SCREENS``; None: ``kokyaku_consent_screen`` of the context,
            else what can be seen (an import, the office)
        """
        if not screen:
            screen = self.env.context.get("kokyaku_consent_screen")
            if screen not in dict(SCREENS):
                screen = "import" if self.env.context.get("import_file") else "office"
        self.env.cr.execute(
            SQL(
                "SELECT set_config('kokyaku.user', %s, TRUE),"
                " set_config('kokyaku.screen', %s, TRUE)",
                str(self.env.uid or ""),
                screen,
            )
        )

    @api.model
    def _add(self, partners, kind, changes):
        """Log `changes` (dicts of values, one per partner) by the user at work."""
        self._tell()
        screen = self.env.execute_query(SQL("SELECT current_setting('kokyaku.screen')"))[0][0]
        self.sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": self.env.uid,
                    "screen": screen,
                    "kind": kind,
                    **change,
                }
                for partner, change in zip(partners, changes, strict=True)
            ]
        )


# ---- The triggers -----------------------------------------------------------------

_WHO = "COALESCE(NULLIF(current_setting('kokyaku.user', TRUE), '')::int, {uid})"
_SCREEN = "COALESCE(NULLIF(current_setting('kokyaku.screen', TRUE), ''), 'other')"
_INTO = """INSERT INTO kokyaku_consent_log (partner_id, date, user_id, screen, kind, channel,
                                     purpose, old, new, basis, evidence)"""
_NOW = "clock_timestamp() AT TIME ZONE 'UTC'"
# plpgsql keeps the plan of the first call in a session. Made for one row it would be a nested
# loop, and a hundred thousand rows later quadratic. Without nested loops the plan looks so dear
# that it would be compiled, 0.4 s for one row.
_JOINED = SQL("SET enable_nestloop = off SET jit = off")


def _consent_body(event):
    """The body of the function that logs the rows of one statement on kokyaku_consent."""
    row, old, new, source, condition = {
        "INSERT": ("n", "NULL", "n.state", "new_rows n", "n.state <> 'unknown'"),
        "UPDATE": (
            "n",
            "o.state",
            "n.state",
            "old_rows o JOIN new_rows n ON n.id = o.id",
            "(o.state, o.channel, o.purpose, o.basis, o.source)"
            " IS DISTINCT FROM (n.state, n.channel, n.purpose, n.basis, n.source)",
        ),
        # A person who is deleted takes the log along.
        "DELETE": (
            "o",
            "o.state",
            "NULL",
            "old_rows o",
            "EXISTS (SELECT FROM res_partner p WHERE p.id = o.partner_id)",
        ),
    }[event]
    who = _WHO.format(uid=f"{row}.write_uid")
    return f"""BEGIN
        {_INTO}
        SELECT {row}.partner_id, {_NOW}, {who}, {_SCREEN}, 'consent', {row}.channel,
               {row}.purpose, {old}, {new}, {row}.basis, {row}.source
          FROM {source}
         WHERE {condition};
        RETURN NULL;
    END"""


def _partner_body():
    """The body of the function that logs one changed person; NULL stands before an insert."""
    who = _WHO.format(uid="NEW.write_uid")
    rows = []
    for kind, value in LOGGED_COLUMNS.values():
        old, new = value.format(r="OLD"), value.format(r="NEW")
        rows.append(f"('{kind}', CASE WHEN TG_OP = 'UPDATE' THEN {old} END, {new})")
    return f"""BEGIN
        {_INTO}
        SELECT NEW.id, {_NOW}, {who}, {_SCREEN}, change.kind, NULL, NULL, change.old, change.new,
               NULL, NULL
          FROM (VALUES {", ".join(rows)}) AS change (kind, old, new)
         WHERE change.old IS DISTINCT FROM change.new;
        RETURN NULL;
    END"""


def _blacklist_body(event, kind, address, column):
    """The body of the function that logs entries of a blacklist for all they concern."""
    who = _WHO.format(uid="n.write_uid")
    source, condition = {
        "INSERT": ("new_rows n", "n.active"),
        "UPDATE": (
            "old_rows o JOIN new_rows n ON n.id = o.id",
            "o.active IS DISTINCT FROM n.active",
        ),
    }[event]
    # Whoever saves an entry without changing it does not look through all persons.
    return f"""BEGIN
        IF EXISTS (SELECT FROM {source} WHERE {condition}) THEN
            INSERT INTO kokyaku_consent_log
                   (partner_id, date, user_id, screen, kind, old, new, detail)
            SELECT p.id, {_NOW}, {who}, {_SCREEN}, '{kind}',
                   CASE WHEN n.active THEN 'off' ELSE 'on' END,
                   CASE WHEN n.active THEN 'on' ELSE 'off' END, n.{address}
              FROM {source}
              JOIN res_partner p ON p.{column} = n.{address}
             WHERE {condition};
        END IF;
        RETURN NULL;
    END"""


def _triggers():
    """Yield (name, table, body of the function, definition of the trigger)."""
    tables = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }
    for event, rows in tables.items():
        yield (
            f"kokyaku_consent_log_{event.lower()}",
            "kokyaku_consent",
            _consent_body(event),
            f"AFTER {event} ON kokyaku_consent REFERENCING {rows} FOR EACH STATEMENT",
        )
    # Row by row, but only for statements that name one of the columns, and changed rows.
    columns = list(LOGGED_COLUMNS)
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    filled = " OR ".join(f"NEW.{column} IS NOT NULL" for column in columns if "open" not in column)
    for event, when in (
        (f"UPDATE OF {', '.join(columns)}", differs),
        ("INSERT", f"{filled} OR NEW.complaint_open"),
    ):
        yield (
            f"kokyaku_partner_log_{event.split()[0].lower()}",
            "res_partner",
            _partner_body(),
            f"AFTER {event} ON res_partner FOR EACH ROW WHEN ({when})",
        )
    for table, kind, address, column in (
        ("mail_blacklist", "email_blacklist", "email", "email_normalized"),
        ("phone_blacklist", "phone_blacklist", "number", "phone_sanitized"),
    ):
        for event in ("INSERT", "UPDATE"):
            yield (
                f"kokyaku_{table}_log_{event.lower()}",
                table,
                _blacklist_body(event, kind, address, column),
                f"AFTER {event} ON {table} REFERENCING {tables[event]} FOR EACH STATEMENT",
            )


def create_triggers(cr):
    """Create the triggers that are missing, and renew their functions.

    A trigger that stands already is left alone, because creating one locks the table, unless
    it fired by row and now fires by statement.
    """
    for name, table, body, definition in _triggers():
        cr.execute(
            SQL(
                "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql %s AS %s",
                SQL.identifier(name),
                _JOINED if " JOIN " in body else SQL(""),
                body,
            )
        )
        cr.execute("SELECT tgtype & 1 = 1 FROM pg_trigger WHERE tgname = %s", [name])
        stands = cr.fetchone()
        by_row = "FOR EACH ROW" in definition
        if stands and stands[0] != by_row:
            cr.execute(SQL("DROP TRIGGER %s ON %s", SQL.identifier(name), SQL.identifier(table)))
        if not stands or stands[0] != by_row:
            cr.execute(
                SQL(
                    "CREATE TRIGGER %(name)s %(definition)s EXECUTE FUNCTION %(name)s()",
                    name=SQL.identifier(name),
                    definition=SQL(definition),
                )
            )


def drop_triggers(cr):
    """Drop all triggers and their functions; the tables may be gone already."""
    for name, table, _body, _definition in _triggers():
        cr.execute("SELECT to_regclass(%s)", [table])
        if cr.fetchone()[0]:
            cr.execute(
                SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(name), SQL.identifier(table))
            )
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s()", SQL.identifier(name)))
