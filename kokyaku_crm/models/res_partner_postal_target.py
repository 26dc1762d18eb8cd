from odoo import api, models

ADDRESS = ("zip", "city", "street", "street2")


class ResPartner(models.Model):
    """宛先区分: whether post goes to the company or to the home."""

    _inherit = "res.partner"

    def _postal_targets(self, selection_type=None):
        """Where post to these partners goes (宛先), for labels and selection sets.

        The address choice of the selection type counts first, then the person's own; without
        either post goes to the company if there is one, else to the home. The company is the
        one of the main affiliation, with department and function; a person without any has
        their own address there, which is their home as long as no other home is entered.
        The number of queries does not grow with the partners.

        :param selection_type: ``kokyaku.selection.type`` record, or nothing
        :return: dict partner id → dict of ``kind`` (``company`` or ``home``), ``fallback``
            (the chosen one has no address, so it is the other), ``zip``, ``state``, ``city``,
            ``street``, ``street2``, ``country_id``, ``company_name``, ``department``,
            ``function``, ``phone``, ``address_partner_id`` (whose address it is) and
            ``affiliation_id``
        """
        chosen = selection_type.address_choice if selection_type else None
        partners = self.sudo()
        homes = self.env["kokyaku.home.address"].sudo().search([("partner_id", "in", self.ids)])
        homes = {home.partner_id.id: home for home in homes}
        mains = self._present_main_affiliations()
        result = {}
        for partner in partners:
            main = mains.get(partner.id, self.env["kokyaku.affiliation"])
            company = main.company_partner_id
            if not company and not partner.is_company:
                company = partner.parent_id
            targets = partner._postal_candidates(company, main, homes.get(partner.id))
            kind = chosen or partner.address_choice or "company"
            other = "home" if kind == "company" else "company"
            explicit = bool(chosen or partner.address_choice)
            target = targets[kind] or targets[other]
            result[partner.id] = {
                **(target or self._postal_target(kind, partner)),
                "fallback": bool(explicit and not targets[kind] and targets[other]),
            }
        return result

    def _present_main_affiliations(self):
        """dict person id → the main affiliation of today."""
        rows = (
            self.env["kokyaku.affiliation"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("is_main", "=", True),
                    ("state", "in", ["current"]),
                ]
            )
        )
        return {row.partner_id.id: row for row in rows}

    def _postal_candidates(self, company, main, home):
        """The address at `company` and the one at `home`, None where there is none."""
        own = self._postal_target("company", self, phone=self.phone)
        at_home = home and self._postal_target("home", home, phone=home.phone or self.mobile_phone)
        if company:
            holder = company._address_holder()
            if self.type != "contact" or (not _has_address(holder) and company == self.parent_id):
                holder = self  # a delivery address; or all there is
            at_company = self._postal_target(
                "company",
                holder,
                company_name=company._nearest_company().name,
                department=company._department_text(main.department),
                function=main.function if main else self.function,
                phone=main.phone or self.phone,
            )
            at_company["affiliation_id"] = main.id or False
            return {"company": _if_any(at_company), "home": _if_any(at_home)}
        own["company_name"] = "" if self.is_company else self.company_name or ""
        if not _if_any(at_home) and not self.is_company and not own["company_name"]:
            return {"company": None, "home": _if_any({**own, "kind": "home"})}
        return {"company": _if_any(own), "home": _if_any(at_home)}

    @api.model
    def _postal_target(self, kind, holder, **values):
        """One target at the address of `holder` (a partner or a home)."""
        return {
            "kind": kind,
            **{fname: holder[fname] or "" for fname in ADDRESS},
            "state": holder.state_id.name or "",
            "country_id": holder.country_id.id,
            "address_partner_id": holder.id if holder._name == self._name else False,
            "affiliation_id": False,
            **{
                fname: values.get(fname) or ""
                for fname in ("company_name", "department", "function", "phone")
            },
        }

    def _address_holder(self):
        """This company or department, or the nearest one above that has an address."""
        above = self
        while above:
            if _has_address(above):
                return above
            above = above.parent_id
        return self

    def _nearest_company(self):
        """This partner or the nearest one above that is a company; empty for a private one."""
        above = self
        while above and not above.is_company:
            above = above.parent_id
        return above

    def _department_text(self, department):
        """The departments between this partner and its company, and `department` in it."""
        names, above = [department or ""], self
        while above and not above.is_company and above.parent_id:
            names.insert(0, above.name or "")
            above = above.parent_id
        return "\u3000".join(name for name in names if name)


def _has_address(holder):
    return bool(holder.street or holder.city)


def _if_any(target):
    """`target` if it has an address one could write to, else None."""
    return target if target and (target["street"] or target["city"]) else None
