from markupsafe import Markup

from odoo import api, fields, models

SHOWN = (
    "name kana ref parent_id function email phone mobile_phone zip state_id city street street2 "
    "birthdate member_number user_id"
).split()


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What differs between the people to be merged, before it is done."""

    _inherit = "base.partner.merge.automatic.wizard"

    differences_html = fields.Html(
        string="What Differs", compute="_compute_differences_html", sanitize=False
    )

    @api.model
    def default_get(self, fields):
        """Who is to stay was chosen among the hits of a set."""
        values = super().default_get(fields)
        keeper = self.env.context.get("kokyaku_keeper")
        if keeper and "dst_partner_id" in fields:
            values["dst_partner_id"] = keeper
        return values

    @api.depends("partner_ids", "dst_partner_id")
    def _compute_differences_html(self):
        for wizard in self:
            stays = wizard.dst_partner_id._origin
            others = wizard.partner_ids._origin - stays
            wizard.differences_html = stays and others and self._differences(stays + others)

    @api.model
    def _differences(self, people):
        """A table of the fields in which these people differ, the one who stays in front."""
        rows = []
        for name in SHOWN:
            field = people._fields[name]
            texts = [self._difference_text(one, field) for one in people]
            if len(set(texts)) > 1:
                label = people.fields_get([name], ["string"])[name]["string"]
                rows.append((label, *texts))
        if not rows:
            return self.env._("Nothing differs.")
        head = [self.env._("Stays"), *[self.env._("Goes into it")] * (len(people) - 1)]
        cell = Markup("<td>{}</td>")
        lines = Markup("").join(
            Markup("<tr><th>{}</th>{}</tr>").format(
                label, Markup("").join(cell.format(text) for text in texts)
            )
            for label, *texts in [("", *head), *rows]
        )
        return Markup('<table class="table table-sm"><tbody>{}</tbody></table>').format(lines)

    @api.model
    def _difference_text(self, one, field):
        value = one[field.name]
        if field.relational:
            return value.display_name or ""
        return str(value) if value else ""
