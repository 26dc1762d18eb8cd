from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

DECIDABLE = {"decision", "partner_id"}


class KokyakuImportPerson(models.Model):
    """要確認: deciding who a doubtful line is, one by one or many at once."""

    _inherit = "kokyaku.import.person"

    reason_text = fields.Text(string="Reason", compute="_compute_reason_text")
    candidates_text = fields.Text(string="It May Be", compute="_compute_candidates_text")
    changes_text = fields.Text(string="What Would Change", compute="_compute_changes_text")

    # ---- What is shown --------------------------------------------------------------

    @api.depends("verdict", "why", "reasons", "twin_id")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        words = self._why_words()
        for line in self:
            texts = [words[line.why]] if line.why in words else []
            if line.verdict in ("update", "same") and line.reasons:  # else beside the candidates
                texts.append(self._reasons_text(line.reasons))
            if line.twin_id:
                texts.append(self.env._("Row %s of the file", line.twin_id.row))
            line.reason_text = " ".join(texts)

    @api.model
    def _why_words(self):
        env = self.env
        return {
            "several": env._("Several people fit."),
            "code_other_name": env._("The code is known, with another name."),
            "similar": env._("The name is spelt differently."),
            "weak": env._("Too little agrees to be sure."),
            "code_twice": env._("This code stands in the file with two names."),
            "two_codes": env._("The same person stands in the file with another code."),
            "two_rows": env._("Another row of the file seems to be the same person."),
            "archived": env._("This customer is archived with us."),
            "gone": env._(
                "The customer this row was is not there any more, or not in use. Please choose "
                "another one, or enter the row as new."
            ),
        }

    @api.model
    def _reasons_text(self, reasons):
        """Say what agrees and what speaks against it: 電話・氏名が一致／住所が相違."""
        env = self.env
        words = {
            "code": env._("Customer Code"),
            "member": env._("Member Number"),
            "email": env._("Email"),
            "phone": env._("Phone"),
            "address": env._("Address"),
            "company": env._("Company"),
            "birthdate": env._("Date of Birth"),
            "name": env._("Full Name"),
            "kana": env._("Kana"),
            "zip": env._("Postal Code"),
        }
        codes = reasons.split(",")
        agree = [words[code] for code in codes if code in words]
        differ = [
            words[code.removeprefix("other_")]
            for code in codes
            if code.startswith("other_") and code.removeprefix("other_") in words
        ]
        between, texts = env._(", "), []
        if agree:
            texts.append(env._("%s agree", between.join(agree)))
        if "similar" in codes:
            texts.append(env._("the name is similar"))
        if differ:
            texts.append(env._("%s differ", between.join(differ)))
        return between.join(texts)

    @api.depends("candidate_ids")
    @api.depends_context("lang")
    def _compute_candidates_text(self):
        """One line for each candidate, numbered as the keys that choose them."""
        candidates = self._candidates_shown()
        people = self.env["res.partner"].union(*(one.partner_id for one in candidates.values()))
        people.fetch(["name", "active", "ref", "phone", "mobile_phone", "email", "city", "street",
                      "parent_id"])  # fmt: skip
        for line in self:
            texts = []
            for number, one in enumerate(candidates[line], 1):
                person = one.partner_id
                parts = [
                    person.display_name,
                    person.ref,
                    person.mobile_phone or person.phone,
                    person.email,
                    f"{person.city or ''}{person.street or ''}",
                    "" if person.active else self.env._("Archived"),
                ]
                told = "／".join(part for part in parts if part)
                texts.append(f"{number}. {told} — {self._reasons_text(one.reasons or '')}")
            line.candidates_text = "\n".join(texts)

    def _candidates_shown(self):
        """Return the candidates of each line as they are numbered, the likeliest first: those
        the user may see, and nobody twice who was merged.

        :return: dict line → ``kokyaku.import.candidate``
        """
        candidates = self.env["kokyaku.import.candidate"].search([("line_id", "in", self.ids)])
        people = set(candidates.partner_id._filtered_access("read")._ids)
        shown = dict.fromkeys(self, candidates.browse())
        for line, found in candidates.grouped("line_id").items():
            ranked = found.sorted(lambda one: (-one.points, one.id))
            each = {}
            for one in ranked:
                if one.partner_id.id in people:
                    each.setdefault(one.partner_id.id, one.id)
            shown[line] = candidates.browse(each.values())
        return shown

    @api.depends("changes")
    @api.depends_context("lang")
    def _compute_changes_text(self):
        for line in self:
            texts = []
            for fname, (old, new) in (line.changes or {}).items():
                label = self._change_label(fname)
                texts.append(f"{label}: {old} → {new}" if old else f"{label}: {new}")
            line.changes_text = self.env._(", ").join(texts)

    @api.model
    def _change_label(self, fname):
        field = self.env["res.partner"]._fields.get(fname)
        if fname.startswith("consent_"):
            channel = fname.removeprefix("consent_")
            labels = self.env["kokyaku.consent"]._fields["channel"]._description_selection(self.env)
            return dict(labels).get(channel, channel)
        if fname == "department":
            return self.env["kokyaku.affiliation"]._fields[fname]._description_string(self.env)
        return field._description_string(self.env) if field else fname

    # ---- Deciding -------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and vals.keys() - DECIDABLE:
            raise AccessError(self.env._("Only who a row is can be decided here."))
        if vals.get("partner_id") and "decision" not in vals:
            vals = {**vals, "decision": "partner"}
        self._check_decidable()
        if vals.get("partner_id"):
            self._check_chosen(self.env["res.partner"].browse(vals["partner_id"]))
        done = super().write(vals)
        self._plan_decided()
        return done

    def _check_decidable(self):
        for line in self:
            if line.applied:
                raise UserError(
                    self.env._(
                        "Row %(row)s (%(name)s) is written already. Please change the customer "
                        "itself, or undo the import.",
                        row=line.row,
                        name=line.name,
                    )
                )

    def _check_chosen(self, partner):
        """Refuse somebody the user may not see, or who is another company's: what would change
        on them is shown with the row."""
        if not partner.exists():
            raise UserError(self.env._("This customer was deleted or merged meanwhile."))
        partner.check_access("read")
        for line in self:
            ours = line.import_id.company_id
            if partner.company_id and partner.company_id != ours:
                raise UserError(
                    self.env._(
                        "Row %(row)s (%(name)s): %(person)s belongs to %(company)s, but the file "
                        "to %(other)s. Please choose somebody else.",
                        row=line.row,
                        name=line.name,
                        person=partner.display_name,
                        company=partner.company_id.sudo().name,
                        other=ours.name,
                    )
                )

    def action_decide_partner(self, number=1):
        """この方: the line is its candidate of this number, the likeliest by default."""
        for line, candidates in self._candidates_shown().items():
            if len(candidates) < number:
                raise UserError(
                    self.env._(
                        "Row %(row)s (%(name)s) has no candidate %(number)s. Please choose a "
                        "customer, or enter the row as new.",
                        row=line.row,
                        name=line.name,
                        number=number,
                    )
                )
            line.write({"decision": "partner", "partner_id": candidates[number - 1].partner_id.id})
        return True

    def action_decide_new(self):
        """新規: the line is somebody we do not know yet."""
        self.write({"decision": "new", "partner_id": False})
        return True

    def action_decide_skip(self):
        """取り込まない: nothing of the line is written."""
        self.write({"decision": "skip"})
        return True

    def action_decide_twin(self):
        """同じ方: the line is the person of an earlier row of the file."""
        for line in self:
            if not line.twin_id:
                raise UserError(
                    self.env._(
                        "Row %s is like no earlier row of the file. Please choose a customer, or "
                        "enter the row as new.",
                        line.row,
                    )
                )
            if line.twin_id.applied:
                line.write({"decision": "partner", "partner_id": line.twin_id.partner_id.id})
            else:
                line._check_decidable()
                line.sudo().write({"verdict": "twin", "why": False, "decision": False})
        return True

    def action_reopen(self):
        """決め直す: what was decided is open again."""
        self._check_decidable()
        for line in self:
            line.sudo().write(
                {
                    "decision": False,
                    "partner_id": False,
                    "changes": False,
                    **({"verdict": "doubtful", "why": "two_codes"} if line.twin_id else {}),
                }
            )
        return True

    def _plan_decided(self):
        """Work out what the lines would change on whom somebody has chosen."""
        self.flush_recordset()
        for import_, lines in self.grouped("import_id").items():
            chosen = lines.filtered(lambda line: line.decision == "partner" and line.partner_id)
            if chosen:
                self._plan_lines(import_, chosen.ids)
            others = lines - chosen
            if others.filtered("changes"):
                super(KokyakuImportPerson, others.sudo()).write({"changes": False})
        self.invalidate_recordset(["changes", "changes_text", "candidates_text"])
        return True
