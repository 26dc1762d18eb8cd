from odoo import Command, api, fields, models


class KokyakuTransferWizardLine(models.TransientModel):
    _name = "kokyaku.transfer.wizard.line"
    _description = "Person in a Transfer"

    wizard_id = fields.Many2one(
        "kokyaku.transfer.wizard", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade")
    name = fields.Char(string="Full Name", related="partner_id.name")
    affiliation_id = fields.Many2one(
        "kokyaku.affiliation",
        string="Changing Affiliation",
        compute="_compute_affiliation",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('partner_id', '=', partner_id), ('state', '=', 'current')]",
        help="Empty: the main one.",
    )
    before = fields.Char(compute="_compute_before")
    before_company_id = fields.Many2one("res.partner", compute="_compute_before")
    department = fields.Char(compute="_compute_after", store=True, readonly=False)
    function = fields.Char(compute="_compute_after", store=True, readonly=False)
    phone = fields.Char(compute="_compute_after", store=True, readonly=False)
    email = fields.Char(compute="_compute_after", store=True, readonly=False)
    successor_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
    )

    @api.depends("partner_id")
    def _compute_affiliation(self):
        mains = self.partner_id._present_main_affiliations()
        for line in self:
            line.affiliation_id = mains.get(line.partner_id.id)

    @api.depends("partner_id", "affiliation_id")
    def _compute_before(self):
        for line in self:
            row, person = line.affiliation_id, line.partner_id
            company = row.company_partner_id or person.parent_id
            line.before_company_id = company
            parts = [company._company_and_department_text(), person.function]
            line.before = row._where() if row else " ".join(part for part in parts if part)

    @api.depends("wizard_id.kind", "wizard_id.company_partner_id", "affiliation_id")
    def _compute_after(self):
        for line in self:
            row, person, kind = line.affiliation_id, line.partner_id, line.wizard_id.kind
            stays = line._company() == line.before_company_id and kind != "secondment"
            values = {"function": person.function} if stays and not row else {}
            if kind == "return":
                row = line._origin_row()
                values = {}
            if stays or kind == "return":
                values |= {name: row[name] for name in ("department", "function") if row[name]}
            if kind in ("leave", "concurrent"):
                values = {}
            if stays and kind != "concurrent":
                values |= {name: row[name] or person[name] for name in ("phone", "email")}
            for name in ("department", "function", "phone", "email"):
                line[name] = values.get(name, False)
            if kind not in ("leave", "return", "promotion"):
                line.department = line.wizard_id.department or line.department

    def _origin_row(self):
        """The affiliation that someone on secondment comes from."""
        rows = self.partner_id.affiliation_ids._present()
        return rows.filtered(lambda row: row.kind == "origin")[:1]

    def _company(self):
        """The company after the transfer."""
        wizard = self.wizard_id
        if wizard.kind == "promotion":
            return self.before_company_id
        if wizard.kind == "return":
            return self._origin_row().company_partner_id or wizard.company_partner_id
        return wizard.company_partner_id

    def _move(self):
        """This line as ``kokyaku.transfer`` wants it."""
        wizard = self.wizard_id
        kept = self.partner_id if wizard.kind == "leave" and wizard.keep_contact else self
        return {
            "person": self.partner_id,
            "kind": wizard.kind,
            "date": wizard.date,
            "row": self.affiliation_id,
            "company": self._company(),
            "department": self.department,
            "function": self.function,
            "phone": kept.phone,
            "email": kept.email,
            "successor": self.successor_id,
            "successor_follows": wizard.successor_follows,
        }

    def _hand_over(self):
        """Give the successor what the predecessor was chosen for, and our staff.

        :return: what they did not have before: dict field → ids, to be taken back when the
            transfer is undone
        """
        person, successor = self.partner_id, self.successor_id
        given = {
            name: (person[name] - successor[name]).ids
            for name in ("selection_type_ids", "personal_type_ids", "staff_ids")
        }
        if not successor.user_id and person.user_id:
            given["user_id"] = person.user_id.ids
        given = {name: ids for name, ids in given.items() if ids}
        successor.write(
            {
                name: ids[0] if name == "user_id" else [Command.link(one) for one in ids]
                for name, ids in given.items()
            }
        )
        return given
