from odoo import api, models
from odoo.exceptions import UserError

from .import_reader import reading

OWN = "own:"  # in front of the id of a profile of the office; else the code of a ready one


class KokyakuImport(models.Model):
    """取込パターンを選ぶ: the ready ones and the office's own, to be chosen by hand where none
    was recognised, or the wrong one."""

    _inherit = "kokyaku.import"

    @api.model
    def _patterns(self):
        """Return what can be chosen: a list of {code, name, own}, the office's own first."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        profiles = self.env["kokyaku.import.profile"].search(
            [("company_id", "=", self.env.company.id)]
        )
        own = [
            {"code": f"{OWN}{one.id}", "name": f"{one.name} ({kinds[one.kind]})", "own": True}
            for one in profiles
        ]
        return own + [
            {"code": code, "name": name, "own": False}
            for code, name in self._ready_patterns().items()
        ]

    @api.model
    def _ready_patterns(self):
        """Return {code: name} of the ready profiles, in the order of the drop-down."""
        env = self.env
        return {
            "seed_001": env._("Customer Program, as in the Printed Sample"),
            "eccube_customers": env._("EC-CUBE: Customers"),
            "eccube_orders": env._("EC-CUBE: Orders"),
            "rakuten_orders": env._("Rakuten Ichiba: Orders"),
            "yamato_b2": env._("Yamato B2: Address Book"),
            "sagawa_hiden": env._("Sagawa e-Hiden: Address Book"),
            "business_cards": env._("Business Cards (Eight, Sansan)"),
            "products": env._("Product Master"),
        }

    def _pattern_profile(self, pattern):
        """Return the office's own profile that was chosen, or none.

        :raise UserError: when it is not there any more
        """
        profiles = self.env["kokyaku.import.profile"]
        if not pattern or pattern in self._ready_patterns():
            return profiles
        company = [("company_id", "=", self.env.company.id)]
        number = pattern.removeprefix(OWN)
        wanted = [("id", "=", int(number) if number.isdecimal() else 0), *company]
        profile = profiles.search(wanted)
        if not profile:
            raise UserError(self.env._("This import profile is not there any more."))
        return profile

    def _mapping_by(self, pattern, profile, source):
        """Return the mapping of a file by what was chosen.

        :param pattern: a code of ``_ready_patterns``, or "" when it is `profile`
        :param source: ``reading.SourceFile``
        """
        package = reading(self.env)
        if profile:
            known = package.Mapping.from_json(profile.mapping)
            return package.from_mapping(known, source.headings)
        return package.from_profile(pattern, source.headings, source.samples)

    def _pattern_fit(self, mapping, pattern, profile):
        """Return how many columns of what was chosen the file has, and of how many; False for a
        profile that names no columns."""
        package = reading(self.env)
        if profile:
            known = package.Mapping.from_json(profile.mapping)
            wanted = {one.target for one in known.columns if one.target}
        else:
            wanted = {target for _heading, target in package.PROFILES[pattern].columns if target}
        found = {one.target for one in mapping.columns if one.target}
        return [len(found & wanted), len(wanted)] if wanted else False
