from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .kokyaku_person_proposal import STATES
from .kokyaku_worklist_mixin import PAGE

# Which rows of the comparison a reason speaks of.
AGREES = {"contact": ["name"], "name": ["name"], "address": ["name"]}


class KokyakuPersonProposal(models.Model):
    """個人の候補: what the screen asks for, where documents are decided one after the other. The
    same questions as the screen of the sales lines asks (``sales_link_screen``)."""

    _inherit = "kokyaku.person.proposal"

    @api.model
    @api.readonly
    def link_screen(self):
        """Return what the screen needs before the first document: how many there are, whether
        the user may decide, and the run that is looking for persons at present (or None)."""
        counted = self._read_group(
            Domain("company_id", "=", self.env.company.id), ["state", "skipped"], ["__count"]
        )
        counts = {state: 0 for state, _word in STATES} | {"skipped": 0}
        for state, skipped, count in counted:
            counts["skipped" if state == "open" and skipped else state] += count
        runs = self.env["kokyaku.run"]
        run = runs.search(runs._active_domain("find_persons", self.env.company), limit=1)
        return {
            "can_decide": self.env.user.has_group("kokyaku_crm.group_user"),
            "currency_id": self.env.company.currency_id.id,
            "counts": counts,
            "sources": [],
            "run_id": run.id or None,
        }

    @api.model
    @api.readonly
    def link_buyers(self, state="open", source=None, text=None, known=()):
        """Return the next documents of the list, the most certain first.

        :param str state: as ``STATES``, or "skipped"; with a text those of all states are meant
        :param str text: part of a company, person, document number or reference
        :param list known: ids of those the screen has already
        :return: list of dicts (see ``_screen_item``)
        """
        domain = Domain("company_id", "=", self.env.company.id)
        if text := (text or "").strip():
            domain &= Domain.OR(
                Domain(name, "ilike", text)
                for name in ("partner_id", "person_id", "reference", "order_id", "move_id")
            )
        elif state in ("open", "skipped"):
            domain &= Domain("state", "=", "open") & Domain("skipped", "=", state == "skipped")
        else:
            domain &= Domain("state", "=", state)
        domain &= Domain("id", "not in", list(known))
        return self.search(domain, limit=PAGE)._screen_items()

    @api.model
    def _people_domain(self):
        return super()._people_domain() & Domain("is_company", "=", False)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Who may not read orders, or invoices, at all sees no proposal for them either."""
        domain = Domain(domain)
        if not self.env.su:
            for name in ("order_id", "move_id"):
                if not self.env[self._fields[name].comodel_name].has_access("read"):
                    domain &= Domain(name, "=", False)
        return super()._search(domain, *args, **kwargs)

    # ---- Deciding on the screen ---------------------------------------------------------------

    def link_decide(self, how, partner_id=None, known=None):
        """Decide about this document; see ``person_proposal_decide``.

        :param str how: "link" (``partner_id`` is the person), "refuse", "reopen"
        :param dict known: what the screen shows; see ``_refused_as_decided``
        :return: dict: ``log_id`` to take it back by (what was before), ``name`` of the person,
            and the document as ``item`` of the list; or ``refused`` and the ``item`` as it is
        """
        self.ensure_one()
        self._to_decide()
        before = self.state, self._chosen_person().id
        if refused := self._refused_as_decided(known, self.state, self._chosen_person()):
            return refused
        if how == "link":
            self.set_person(self.env["res.partner"].browse(partner_id))
        elif how == "refuse":
            self.action_refuse()
            if self.state != "refused":
                raise UserError(self.env._("Somebody has set a person here meanwhile."))
        elif how == "reopen":
            self.action_undo()
        else:
            raise UserError(self.env._("There is no decision of the kind “%s”.", how))
        name = self.person_id.name if self.state == "done" else ""
        return {"log_id": before, "name": name, "item": self._screen_items()[0]}

    def link_undo(self, before):
        """Take a decision back: what was before holds again.

        :param before: ``log_id`` of the decision
        :return: the document as it is then, for the list
        """
        self.ensure_one()
        state, person_id = before
        if self.state == state:
            raise UserError(self.env._("This decision was taken back already."))
        if self.state != "open":
            self.action_undo()
        if state == "done":
            self.set_person(self.env["res.partner"].browse(person_id))
        elif state == "refused":
            self.action_refuse()
        return self._screen_items()[0]

    def _chosen_person(self):
        """Return the person who was set, not one who is only proposed."""
        return self.person_id if self.state == "done" else self.person_id.browse()

    def action_lines(self):
        """Open the order or invoice."""
        self.ensure_one()
        return (self.order_id or self.move_id).get_formview_action()

    @api.model
    def link_again(self):
        """もう一度さがす: see ``action_find``; return None, the screen shows how far it is."""
        self.action_find()

    # ---- What is shown ------------------------------------------------------------------------

    def _screen_items(self):
        """Return these documents as the screen shows them, each with the persons the user may
        see; a fixed number of queries."""
        people = (self.candidate_ids.person_id | self.person_id)._filtered_access("read")
        documents = set(self.order_id._filtered_access("read"))
        documents |= set(self.move_id._filtered_access("read"))
        whys = dict(self._fields["reason"]._description_selection(self.env))
        return [
            one._screen_item(people, whys)
            for one in self
            if (one.order_id or one.move_id) in documents
        ]

    def _screen_item(self, people, whys):
        document = self.order_id or self.move_id
        company = self.partner_id
        address = document.partner_shipping_id or company
        chosen = self._chosen_person()
        candidates = [
            {
                **self._screen_person(one.person_id),
                "reasons": AGREES.get(one.reason, []),
                "why": whys.get(one.reason, ""),
                "certainty": self._certainty(one.points),
            }
            for one in self.candidate_ids.sorted(lambda one: (-one.points, one.id))
            if one.person_id in people
        ]
        amount = self.move_id.amount_total_signed
        if self.order_id:
            amount = document.amount_total / (document.currency_rate or 1)
        day = format_date(self.env, self.date) if self.date else ""
        place = self._screen_person(address)
        return {
            "id": self.id,
            "state": self.state,
            "skipped": self.skipped,
            "text": company.name or "",
            "note": document.name or "",
            "source": document.name or "",
            "words": {
                "name": address.name or "",
                "company": company.name or "",
                "reference": self.reference or "",
                **{word: place[word] for word in ("zip", "address", "phone", "email")},
            },
            "lines": 0,
            "amount": amount,
            "first": day,
            "last": day,
            "certainty": self._certainty(self.points),
            "partner": self._screen_person(chosen) | {"reasons": AGREES.get(self.reason, [])}
            if chosen and chosen in people
            else None,
            "why": whys.get(self.reason, "") if chosen else "",
            "candidates": candidates,
        }
