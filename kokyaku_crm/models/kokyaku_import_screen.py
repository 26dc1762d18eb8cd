import os
from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .import_reader import reading

LAST = 10  # imports on the first page
SHOWN = 3  # values that tell what a column holds
# What a profile says of the layout; the encoding is looked at each time.
KEPT = ("format", "separator", "header_row", "widths", "names", "sheet")
REREAD = ("encoding", "binary", "layout")  # what another character code may cure
CHOICES = 30  # different values of a column that are offered


class KokyakuImport(models.Model):
    """データ取込: what the screen asks for, from the file to its start. See
    ``static/src/data_in``."""

    _inherit = "kokyaku.import"

    # ---- The first page --------------------------------------------------------------

    @api.model
    def home(self):
        """Return what stands beside the field where files are dropped.

        :return: dict with ``can_import``, and ``last``: list of dicts, the imports of late
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        last = self.search(
            [("state", "!=", "draft"), ("company_id", "=", self.env.company.id)], limit=LAST
        )
        return {
            "can_import": self.has_access("create"),
            "last": [
                {
                    "id": one.id,
                    "name": one.file_name,
                    "kind": kinds[one.kind],
                    "state": one.state,
                    "state_name": states[one.state],
                    "when": format_datetime(self.env, one.create_date, dt_format="short"),
                    "user": one.user_id.name,
                    "rows": one.row_count,
                    "rejected": one.rejected_count,
                }
                for one in last
            ],
        }

    # ---- Looking at the file ---------------------------------------------------------

    def look(self, layout=None, kind=None, afresh=False, pattern=None):
        """Open the file and return all that the screen needs to ask how it is to be read.

        :param dict layout: what the user says of it, as ``SourceFile.layout``; what is left out
            is looked for
        :param str kind: what the user says is in it
        :param bool afresh: do not use the profile of such files, propose anew
        :param str pattern: what was chosen by hand (``_patterns``), "" for nothing
        :return: dict; when it is unreadable with ``problem`` (a sentence), ``name``,
            ``can_reread`` (whether another character code may help) and ``layout`` only
        :raise UserError: when the import was started already, or its file is not kept any more
        """
        self.ensure_one()
        self._check_draft()
        package = reading(self.env)
        path, is_copy = self._file_on_disk()
        try:
            source = package.SourceFile.open(path, name=self.file_name, layout=layout)
            signature = self._signature(source.headings)
            profile = self._pattern_profile(pattern)
            if not afresh and not kind and not pattern:
                profile = profile._find_for(signature)
            if profile and profile.signature != signature and not layout:
                known = {key: profile.layout[key] for key in KEPT if key in profile.layout}
                source = package.SourceFile.open(path, name=self.file_name, layout=known)
            if pattern:
                mapping = self._mapping_by(pattern, profile, source)
            else:
                mapping = self._mapping_for(source, kind, profile)
            ruled = source.ruled() if source.layout["format"] == "fixed" else []
        except package.UnreadableFile as error:
            return {
                "problem": self._unreadable_text(error),
                "name": self.file_name,
                "can_reread": error.code in REREAD,
                "layout": layout or {},
            }
        finally:
            self._forget(path, is_copy)
        return {
            "problem": False,
            "id": self.id,
            "name": self.file_name,
            "size": self.file_size,
            "layout": source.layout,
            "mapping": mapping.to_json(),
            "ruled": ruled,
            "patterns": self._patterns(),
            "pattern": pattern or "",
            "fit": bool(pattern) and self._pattern_fit(mapping, pattern, profile),
            "columns": self._columns_shown(source, mapping),
            "targets": self._targets_shown(),
            "before": self._imported_before(),
            "recognized_as": False if layout else signature,
            "profile": bool(profile) and not pattern and self._profile_shown(profile),
            "source": profile.source or self._source_of(mapping),
            "sources": self._known_sources(),
        }

    def _signature(self, headings):
        return self.env["kokyaku.import.profile"]._signature_of(
            self._file_headings(list(headings)), self.file_name
        )

    def _check_draft(self):
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("“%s” was started already; see the list of imports.", self.file_name)
            )

    @staticmethod
    def _forget(path, is_copy):
        if is_copy:
            os.unlink(path)

    def _mapping_for(self, source, kind, profile):
        """Return how the columns are read: as the last time, or as the file looks."""
        package = reading(self.env)
        if not profile:
            return package.recognise(source.headings, source.samples, kind or None)
        known = package.Mapping.from_json(profile.mapping)
        return package.from_mapping(known, source.headings)

    def _columns_shown(self, source, mapping):
        own = self._all_own_headings()
        shown = []
        for column in mapping.columns:
            values = [row[column.position] for row in source.samples if len(row) > column.position]
            counted = Counter(value for value in values if value.strip())
            shown.append(
                {
                    "position": column.position,
                    "heading": column.heading,
                    "values": list(counted)[:SHOWN],
                    "choices": list(counted) if len(counted) <= CHOICES else [],
                    "own": column.heading in own,
                }
            )
        return shown

    def _targets_shown(self):
        """Return {kind: [{target, label, type}]} for the drop-downs."""
        package = reading(self.env)
        shown = {}
        for kind, labels in self._targets().items():
            possible = package.TARGETS[kind] | package.HELPERS[kind]
            types = package.TARGETS[kind]
            shown[kind] = [
                {"target": target, "label": label, "type": types.get(target, "")}
                for target, label in labels.items()
                if target in possible
            ]
        return shown

    def _imported_before(self):
        """Return when the same bytes came in before, if they did."""
        former = self.search(
            [
                ("file_hash", "=", self.file_hash),
                ("state", "in", ("running", "staged", "done", "stopped")),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        return bool(former) and {
            "id": former.id,
            "when": format_datetime(self.env, former.create_date, dt_format="short"),
            "user": former.user_id.name,
        }

    def _profile_shown(self, profile):
        when = profile.last_used_at
        return {
            "id": profile.id,
            "name": profile.name,
            "when": when and format_datetime(self.env, when, dt_format="short"),
        }

    def _source_of(self, mapping):
        """Propose where the file comes from; the office can call it something else."""
        return self._ready_names().get(mapping.profile, "")

    @api.model
    def _ready_names(self):
        """The names of the ready profiles whose files come from one place."""
        env = self.env
        return {
            "eccube_customers": env._("EC-CUBE"),
            "eccube_orders": env._("EC-CUBE"),
            "rakuten_orders": env._("Rakuten Ichiba"),
            "yamato_b2": env._("Yamato B2"),
            "sagawa_hiden": env._("Sagawa e-Hiden"),
            "business_cards": env._("Business Cards"),
        }

    def _known_sources(self):
        company = [("company_id", "=", self.env.company.id)]
        profiles = self.env["kokyaku.import.profile"].search(company)
        return sorted({*profiles.mapped("source"), *self._ready_names().values()})

    # ---- Starting --------------------------------------------------------------------

    def begin(self, setup):
        """Keep how the file is read, and start.

        :param dict setup: ``layout``, ``mapping``, ``source``, ``remember``, ``recognized_as``
        :return: the action that shows the import
        :raise UserError: when it was started already, or something is not said yet that must be
        """
        self.ensure_one()
        self._check_draft()
        package = reading(self.env)
        mapping = package.Mapping.from_json(setup["mapping"])
        lacking = self._lacking_text(mapping)
        if lacking:
            raise UserError("\n".join(lacking))
        source = (setup.get("source") or "").strip()
        if not source:
            raise UserError(
                self.env._("Please say where the file comes from: the till, the web shop …")
            )
        self.write(
            {
                "kind": mapping.kind,
                "layout": setup.get("layout"),
                "mapping": setup["mapping"],
                "source": source,
                "company_id": self.env.company.id,
            }
        )
        if setup.get("remember"):
            signature = self._signature([column.heading for column in mapping.columns])
            profiles = self.env["kokyaku.import.profile"]
            self.profile_id = profiles._remember(self, signature, setup.get("recognized_as"))
        self.action_start()
        return self._action_open()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # ---- The buttons of the form -----------------------------------------------------

    def action_set_up(self):
        """Go on with a file that was chosen but not started."""
        return {
            **self.env["ir.actions.client"]._for_xml_id("kokyaku_crm.action_data_in"),
            "params": {"import_id": self.id},
        }

    def action_go_on(self):
        """続きから: what is left of a stopped or failed import."""
        self.action_start()
        return True

    def action_open_rejects(self):
        return self._open_rows(self.env._("Rejected Rows"), "rejected")

    def action_open_warnings(self):
        return self._open_rows(self.env._("Stored, Please Check"), "warnings")

    def action_open_left_out(self):
        return self._open_rows(self.env._("Left Out on Purpose"), "left_out")

    def _open_rows(self, name, which):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "kokyaku.import.reject",
            "views": [(False, "list")],
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{which}": 1},
        }
