from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..naming import fold_kana, join_name, same_name, split_kana, split_name
from ..tools import selected_records, told

NAME_PARTS = ("family_name", "given_name")
KANA_PARTS = ("family_kana", "given_kana")
OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
# What has a say in the parts of a name; a write without any of these passes untouched.
NAME_TRIGGERS = {"name", "kana", "is_company", "company_type", *NAME_PARTS, *KANA_PARTS}


class ResPartner(models.Model):
    """Family and given name beside core's name, and the reading (フリガナ).

    ``name`` stays the truth: whoever writes the parts writes ``name`` ("姓 名") with them,
    whoever writes ``name`` gets it split. ``kana`` sorts persons and companies alike; for
    a person it is kept as "セイ メイ". These are ordinary columns kept by ``create`` and
    ``write``, not stored computes, so that installing rewrites no row.
    """

    _inherit = "res.partner"

    family_name = fields.Char(groups=OFFICE)
    given_name = fields.Char(groups=OFFICE)
    family_kana = fields.Char(string="Family Name (Kana)", groups=OFFICE)
    given_kana = fields.Char(string="Given Name (Kana)", groups=OFFICE)
    kana = fields.Char(
        index=True,
        groups=OFFICE,
        help="The reading, in full-width katakana. Lists of persons and companies are sorted by "
        "it.",
    )
    kana_search = fields.Char(
        string="Kana (Any Spelling)",
        compute="_compute_kana_search",
        search="_search_kana_search",
        groups=OFFICE,
    )
    name_split_unsure = fields.Boolean(
        string="Check the Split",
        copy=False,
        groups=OFFICE,
        help="The name came without a space, so where the family name ends is a guess.",
    )

    # ---- Keeping name, parts and reading in step ------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, **self.browse()._name_values(vals)} for vals in vals_list])

    def write(self, vals):
        if not NAME_TRIGGERS & vals.keys():
            return super().write(vals)
        groups = {}
        for partner in self:
            extra = partner._name_values(vals)
            key = tuple(sorted(extra.items(), key=lambda item: item[0]))
            groups[key] = groups.get(key, self.browse()) | partner
        for key, partners in groups.items():
            super(ResPartner, partners).write({**vals, **dict(key)})
        return True

    def _name_values(self, vals):
        """Return what has to be written beside `vals` to keep the parts in step.

        `self` is the partner that is about to be written, or empty for a new one.
        """

        def value(fname):
            return vals[fname] if fname in vals else self[fname]

        if self._is_person_after(vals):
            return {
                **self._person_name_values(vals, value),
                **self._person_kana_values(vals, value),
            }
        return {fname: fold_kana(vals[fname]) or False for fname in ["kana"] if fname in vals}

    def _is_person_after(self, vals):
        """Say whether the partner is a person once `vals` are written."""
        if "is_company" in vals:
            return not vals["is_company"]
        if "company_type" in vals:
            return vals["company_type"] != "company"
        if self:
            return not self.is_company
        return not self.env.context.get("default_is_company")

    def _person_name_values(self, vals, value):
        family, given = (value(fname) or "" for fname in NAME_PARTS)
        joined = join_name(family, given)
        if vals.get("name"):
            name = vals["name"]
            if joined and same_name(joined, name) and not self._splits_otherwise(name, family):
                return {}  # the parts still fit
            family, given, unsure = split_name(name)
            return {
                "family_name": family or False,
                "given_name": given or False,
                "name_split_unsure": unsure,
            }
        if any(fname in vals for fname in NAME_PARTS) and joined:
            return {
                **{fname: (value(fname) or "").strip() or False for fname in NAME_PARTS},
                "name": joined,
                "name_split_unsure": False,
            }
        if {"is_company", "company_type"} & vals.keys() and not joined and self.name:
            return self._person_name_values({"name": self.name}, value)
        return {}

    @api.model
    def _splits_otherwise(self, name, family):
        """Say whether a space in `name` now stands elsewhere than behind `family`."""
        split = split_name(name)
        return not split.unsure and split.family != family

    def _person_kana_values(self, vals, value):
        parts = {fname: fold_kana(vals[fname]) or False for fname in KANA_PARTS if fname in vals}
        family, given = (fold_kana(value(fname)) for fname in KANA_PARTS)
        if vals.get("kana"):
            kana = fold_kana(vals["kana"])
            if not same_name(join_name(family, given), kana):
                family, given = split_kana(kana)
            return {
                "kana": kana,
                "family_kana": family or False,
                "given_kana": given or False,
            }
        if any(parts.values()) or (parts and "kana" not in vals):
            return {**parts, "kana": join_name(family, given) or False}
        if "kana" in vals:
            return {"kana": False, "family_kana": False, "given_kana": False}
        return parts

    # ---- The same, while the user is typing -----------------------------------

    @api.onchange("name")
    def _onchange_name_parts(self):
        if self.is_company or not self.name:
            return
        self.update(self._person_name_values({"name": self.name}, lambda fname: self[fname]))

    @api.onchange(*NAME_PARTS)
    def _onchange_join_name(self):
        joined = join_name(self.family_name, self.given_name)
        guess = split_name(self.name)
        if self.is_company or not joined or joined == join_name(guess.family, guess.given):
            return  # what _onchange_name_parts has just written
        self.name = joined
        self.name_split_unsure = False

    @api.onchange("kana")
    def _onchange_kana(self):
        if self.kana:
            self.kana = fold_kana(self.kana)
        if not self.is_company:
            self.update(self._person_kana_values({"kana": self.kana}, lambda fname: self[fname]))

    @api.onchange(*KANA_PARTS)
    def _onchange_kana_parts(self):
        if self.is_company:
            return
        for fname in KANA_PARTS:
            self[fname] = fold_kana(self[fname]) or False
        joined = join_name(self.family_kana, self.given_kana)
        if joined and not same_name(joined, self.kana):
            self.kana = joined

    def action_confirm_split(self):
        """分け方を確定: the guessed split is right; write the name with its space."""
        for partner in self:
            partner.write({"family_name": partner.family_name, "given_name": partner.given_name})
        return True

    @api.model
    def action_split_names(self):
        """姓と名に分ける: split the names of the selected persons that have no parts yet.

        For customers that were there before the add-on. One UPDATE, whatever their number.
        """
        partners = selected_records(self)
        if not partners.has_access("write"):
            raise AccessError(
                self.env._("You may not change some of these persons. Nothing was changed.")
            )
        rows = []
        todo = partners.filtered(lambda partner: not partner.is_company and partner.name)
        for partner in todo:
            if not partner.family_name and not partner.given_name:
                rows.append((partner.id, *split_name(partner.name)))
        if rows:
            ids, families, givens, unsure = zip(*rows, strict=True)
            self.flush_model(["name", *NAME_PARTS, "name_split_unsure"])
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_partner AS partner
                       SET family_name = part.family,
                           given_name = NULLIF(part.given, ''),
                           name_split_unsure = part.unsure,
                           write_uid = %s,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM unnest(%s, %s, %s, %s) AS part (id, family, given, unsure)
                     WHERE partner.id = part.id
                    """,
                    self.env.uid,
                    list(ids),
                    list(families),
                    list(givens),
                    list(unsure),
                )
            )
            self.browse(ids).invalidate_recordset()
        return told(
            self.env._(
                "Split %(done)s names, %(unsure)s of them to be checked.",
                done=len(rows),
                unsure=sum(row[-1] for row in rows),
            )
        )

    # ---- Searching by reading ---------------------------------------------------

    def _compute_kana_search(self):
        for partner in self:
            partner.kana_search = partner.kana

    @api.model
    def _search_kana_search(self, operator, value):
        """Search the reading however it is typed: やまだ, ﾔﾏﾀﾞ or ヤマダ."""
        if isinstance(value, str):
            value = fold_kana(value)
        elif operator in ("in", "not in"):
            value = [fold_kana(item) if isinstance(item, str) else item for item in value]
        return [("kana", operator, value)]
