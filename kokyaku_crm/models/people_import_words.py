from odoo import api, models


class KokyakuImportReject(models.Model):
    """What the reason codes of customers mean, in words."""

    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        env = self.env
        return {
            **super()._reasons(),
            "no_name": env._(
                "The row has neither a name nor a company. Please fill in one of them."
            ),
            "unknown_word": env._(
                "There is no such entry in the master data, so it was not stored. Please add it "
                "there, or correct the word."
            ),
            "unknown_staff": env._(
                "None of our people is called so, or two are. Please choose the staff in charge."
            ),
            "other_company": env._(
                "This person belongs to another company with us. Please use Transfer if they "
                "have changed."
            ),
            "company_address_differs": env._(
                "The company has another address with us, so this one was not stored."
            ),
            "undecided": env._(
                "It has not been decided yet who this person is. Please decide it in the list of "
                "the rows."
            ),
            "undo_kept": env._("This person stayed: changed or used since the import."),
        }
