import re
import unicodedata

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..naming import fold_name, fold_phone, fold_text
from .kokyaku_sales_link import STATES
from .kokyaku_worklist_mixin import PAGE

MANY_NAMED = 200  # people of a name whose buyers are looked for
ORDERS = {"auto": "points, amount DESC, id"}  # the least certain first: they are looked through
WORDS_SHOWN = {
    "name": "buyer_name",
    "kana": "buyer_kana",
    "company": "buyer_company",
    "zip": "buyer_zip",
    "address": "buyer_address",
    "phone": "buyer_phone",
    "email": "buyer_email",
    "code": "customer_code",
}


class KokyakuSalesLink(models.Model):
    """売上の紐付け: what the screen asks for, where buyers are decided one after the other."""

    _inherit = "kokyaku.sales.link"

    @api.model
    @api.readonly
    def link_screen(self):
        """Return what the screen needs before the first buyer: how many there are, of which
        sources, whether the user may decide, and the run that is looking for customers at
        present (or None)."""
        domain = Domain("company_id", "=", self.env.company.id)
        counted = self._read_group(domain, ["state", "skipped"], ["__count"])
        counts = {state: 0 for state, _word in STATES} | {"skipped": 0}
        for state, skipped, count in counted:
            counts["skipped" if state == "open" and skipped else state] += count
        sources = self._read_group(domain, ["source"])
        runs = self.env["kokyaku.run"]
        run = runs.search(runs._active_domain("look_again", self.env.company), limit=1)
        return {
            "can_decide": self.env.user.has_group("kokyaku_crm.group_user"),
            "currency_id": self.env.company.currency_id.id,
            "counts": counts,
            "sources": [source for [source] in sources],
            "run_id": run.id or None,
        }

    @api.model
    @api.readonly
    def link_buyers(self, state="open", source=None, text=None, known=()):
        """Return the next buyers of the list, the most certain first.

        :param str state: as ``STATES``, or "skipped"; with a text buyers of all states are meant
        :param str text: part of a name or code …, of the buyer or of whom they are linked to
        :param list known: ids of those the screen has already
        :return: list of dicts (see ``_screen_items``)
        """
        domain = Domain("company_id", "=", self.env.company.id)
        text = (text or "").strip()
        if text:
            domain &= self._text_domain(text)
        elif state in ("open", "skipped"):
            domain &= Domain("state", "=", "open") & Domain("skipped", "=", state == "skipped")
        else:
            domain &= Domain("state", "=", state)
        if source:
            domain &= Domain("source", "=", source)
        domain &= Domain("id", "not in", list(known))
        order = ORDERS.get(state, "points DESC, amount DESC, id")
        if text:
            order = "amount DESC, id"
        return self.search(domain, limit=PAGE, order=order)._screen_items()

    @api.model
    def _text_domain(self, text):
        """Return who is meant by a text, whatever its width, kana, spaces and hyphens: what is
        compared are the folded words (plain LIKE: a third of the time of ILIKE)."""
        folded = fold_text(text)
        wanted = {"code_key": folded, "email_key": text.lower(), "address_key": folded}
        wanted |= dict.fromkeys(("name_key", "kana_key", "company_key"), fold_name(text))
        if re.fullmatch(r"[0-9+() -]{3,}", unicodedata.normalize("NFKC", text)):
            wanted |= dict.fromkeys(("phone_key", "zip_key"), fold_phone(text))
        named = Domain("ref", "=", text) | Domain("display_name", "ilike", text)
        people = self.env["res.partner"].search(named, limit=MANY_NAMED)
        return Domain("partner_id", "in", people.ids) | Domain.OR(
            Domain(name, "like", word) for name, word in wanted.items() if word
        )

    # ---- Deciding on the screen ---------------------------------------------------------------

    def link_decide(self, how, partner_id=None, known=None):
        """Decide about this buyer; see ``sales_link_decide``.

        :param str how: "link" (to ``partner_id``), "new", "refuse", "reopen"
        :param dict known: what the screen shows; see ``_refused_as_decided``
        :return: dict: ``log_id`` to take it back by, ``name`` of whom they are now, and the
            buyer as ``item`` of the list; or ``refused`` and the ``item`` as it is
        """
        decide = {
            "link": lambda: self.link_to(partner_id),
            "new": self.link_to_new,
            "refuse": self.refuse,
            "reopen": self.reopen,
        }.get(how)
        if not decide:
            raise UserError(self.env._("There is no decision of the kind “%s”.", how))
        self._check_may_decide()
        if refused := self._refused_as_decided(known, self.state, self.partner_id):
            return refused
        log = decide()
        return {
            "log_id": log.id,
            "name": self.partner_id.display_name or "",
            "item": self._screen_items()[0],
        }

    def link_undo(self, log_id):
        """Take a decision back; return the buyer as it is then, for the list."""
        log = self.env["kokyaku.sales.link.log"].search(
            [("id", "=", log_id), ("link_id", "=", self.id)]
        )
        if not log or log.undone_at:
            raise UserError(self.env._("This decision was taken back already."))
        log.undo()
        return self._screen_items()[0]

    def action_lines(self):
        """Open the sales lines of this buyer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._buyer_text(),
            "res_model": "kokyaku.sales.record",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("link_id", "=", self.id)],
        }

    # ---- What is shown ------------------------------------------------------------------------

    @api.depends("buyer_name", "buyer_company", "customer_code")
    def _compute_display_name(self):
        for link in self:
            link.display_name = link._buyer_text()

    def _buyer_text(self):
        return (
            self.buyer_name or self.buyer_company or self.buyer_kana or self.buyer_email
            or self.buyer_phone or self.customer_code or self.env._("(nobody is named)")
        )  # fmt: skip

    def _screen_items(self):
        """Return these buyers as the screen shows them, each with the candidates the user may
        see; a fixed number of queries."""
        words = self._reason_words()
        people = (self.candidate_ids.partner_id | self.partner_id)._filtered_access("read")
        return [link._screen_item(people, words) for link in self]

    def _screen_item(self, people, words):
        candidates, seen = [], set()
        for one in self.candidate_ids.sorted(lambda one: (-one.points, one.id)):
            partner = one.partner_id
            if partner not in people or partner.id in seen:
                continue  # after a merge one person may stand there twice
            seen.add(partner.id)
            candidates.append(
                {
                    **self._screen_person(partner),
                    "reasons": (one.reasons or "").split(","),
                    "why": self._why(one.reasons, words),
                    # Another first name may be the family's.
                    "certainty": self._certainty(
                        one.points, is_sure="family" not in (one.reasons or "").split(",")
                    ),
                }
            )
        partner = self.partner_id if self.partner_id in people else self.env["res.partner"]
        reasons = (self.reasons or "").split(",")
        return {
            "id": self.id,
            "state": self.state,
            "skipped": self.skipped,
            "text": self._buyer_text(),
            "source": self.source,
            "words": {word: self[name] or "" for word, name in WORDS_SHOWN.items()},
            "lines": self.line_count,
            "amount": self.amount,
            "first": format_date(self.env, self.first_date) if self.first_date else "",
            "last": format_date(self.env, self.last_date) if self.last_date else "",
            "certainty": self._certainty(self.points)
            if partner or not candidates
            else candidates[0]["certainty"],
            "partner": self._screen_person(partner) | {"reasons": reasons} if partner else None,
            "why": self._why(self.reasons, words) if self.partner_id else "",
            "candidates": candidates,
        }

    def _reason_words(self):
        return {
            "remembered": self.env._("an earlier decision"),
            "code": self.env._("customer code"),
            "former": self.env._("former customer code"),
            "like_code": self.env._("customer code but for zeros in front"),
            "email": self.env._("e-mail address"),
            "phone": self.env._("phone number"),
            "name": self.env._("full name"),
            "kana": self.env._("reading"),
            "family": self.env._("family name"),
            "company": self.env._("company name"),
            "zip": self.env._("postal code"),
            "address": self.env._("street address"),
        }

    @api.model
    def _why(self, reasons, words):
        """Return what agrees, as a sentence: 電話番号・姓が一致."""
        reasons = (reasons or "").split(",")
        named = "・".join(words[one] for one in reasons if one in words)
        if named and "alone" in reasons:
            return self.env._("Same: %s, and nobody else has this name", named)
        return self.env._("Same: %s", named) if named else ""
