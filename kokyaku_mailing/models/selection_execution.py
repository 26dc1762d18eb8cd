from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kokyaku_crm.models.res_partner import HONORIFIC_TEXTS
from odoo.addons.kokyaku_crm.models.selection_execution_prepare import NAMES_APART

from ..atena import addressee


class KokyakuSelectionExecution(models.Model):
    """Handing an execution over to the labels (to an e-mail: ``execution_mailing.py``)."""

    _inherit = "kokyaku.selection.execution"

    def _goes_domain(self):
        """The lines that go, as a domain of literals."""
        return [
            ("execution_id", "=", self.id),
            ("exclusion", "=", False),
            ("is_control", "=", False),
        ]

    def action_print_labels(self):
        """宛名ラベル印刷: the people of this execution, with what is frozen on its lines."""
        self.ensure_one()
        self.check_access("write")
        self._check_at_rest()
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        self._judge_again()
        return (
            self.env["kokyaku.label.print"]
            .with_context(
                active_model="kokyaku.execution.line",
                active_ids=[],
                active_domain=self._goes_domain(),
                kokyaku_partner_field="partner_id",
                default_execution_id=self.id,
                default_print_again=not self.open_count or self.printed_count >= self.goes_count,
            )
            .action_open()
        )


class ResPartner(models.Model):
    """宛名 of an execution: printed as it was frozen, whatever the person is called today."""

    _inherit = "res.partner"

    def _atena_addressees(self, *args, **kwargs):
        """With an execution in the context (``kokyaku_execution_id``): the texts of its lines."""
        made = super()._atena_addressees(*args, **kwargs)
        execution_id = self.env.context.get("kokyaku_execution_id")
        if not execution_id:
            return made
        lines = self.env["kokyaku.execution.line"].search(
            [("execution_id", "=", execution_id), ("partner_id", "in", [one.key for one in made])]
        )
        lines = {line.partner_id.id: line for line in lines}
        wanted = kwargs.get("wanted_honorific", args[1] if len(args) > 1 else None)
        return [_frozen(one, lines[one.key], wanted) for one in made if one.key in lines]


def _frozen(current, line, wanted):
    """The recipient of a line, with its key and whatever else `current` knows."""
    address = (line.address_text or "").split("\n")
    organisation = line.honorific_text == HONORIFIC_TEXTS["onchu"]
    foreign = tuple(address) if current.foreign_lines else ()
    return addressee.make(
        current.key,
        name=line.name_text,
        organisation=organisation,
        own_honorific=line.honorific_text or "",
        wanted_honorific=wanted,
        postal=line.zip_text,
        street=address[0],
        building=" ".join(address[1:]),
        company=line.company_text,
        department=line.department_text,
        joint=[name for name in (line.joint_text or "").split(NAMES_APART) if name],
        function=(line.company_text or line.department_text)
        and not organisation
        and line.title_text,
        foreign_lines=foreign,
    )
