import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from ..naming import is_mobile
from ..naming.postal import format_code
from ..reading.addresses import split_address, split_building
from .kokyaku_sales_link import BY_HAND, DECIDED

NOTE = ("state", "partner_id", "linked_by", "reasons", "taken_off")


class KokyakuSalesLink(models.Model):
    """Decisions of people about a buyer: each counts for all lines, is written down with what
    was before, and can be taken back."""

    _inherit = "kokyaku.sales.link"

    # ---- Deciding ---------------------------------------------------------------------------

    def link_to(self, partner_id):
        """これは誰か: all lines of this buyer are that customer's.

        :return: the decision (``kokyaku.sales.link.log``), by which it can be taken back
        """
        self._check_may_decide()
        partner = self._chosen_customer(self.env["res.partner"].browse(partner_id))
        return self._decide("linked", partner)

    def refuse(self):
        """該当なし: nobody of ours, and nobody to be entered either."""
        self._check_may_decide()
        return self._decide("refused", self.env["res.partner"])

    def link_to_new(self):
        """新しい方: enter a person from the words of the buyer, and link them."""
        self._check_may_decide()
        values = self._person_values()
        if not values.get("name"):
            raise UserError(
                self.env._("The sales name nobody, so there is nobody to be entered as a person.")
            )
        return self._decide("new", self.env["res.partner"].create(values))

    def reopen(self):
        """紐付けを外す: it is not that customer; somebody shall decide."""
        self._check_may_decide()
        if self.state == "open":
            raise UserError(self.env._("This buyer is not linked to anybody."))
        return self._decide("open", self.env["res.partner"])

    def put_off(self, skipped=True):
        """後で: look at the others first."""
        self._check_may_decide()
        self.sudo().write({"skipped": skipped})

    def _check_may_decide(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("kokyaku_crm.group_user"):
            raise AccessError(self.env._("Only those who work with customers link sales."))
        link = self.sudo()
        link.lock_for_update()
        link.invalidate_recordset()

    def _decide(self, state, partner):
        link = self.sudo()
        log = (
            self.env["kokyaku.sales.link.log"]
            .sudo()
            .create(
                {
                    "link_id": link.id,
                    "company_id": link.company_id.id,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "state": state,
                    "partner_id": partner.id,
                    "line_count": link.line_count,
                    **{f"old_{name}": link[name] for name in NOTE if name != "partner_id"},
                    "old_partner_id": link.partner_id.id,
                }
            )
        )
        known = link.candidate_ids.filtered(lambda one: one.partner_id == partner)[:1]
        link.write(
            {
                "state": state,
                "partner_id": partner.id,
                "linked_by": "manual" if state in BY_HAND else False,
                "reasons": known.reasons,
                "skipped": False,
                "taken_off": state == "open",
            }
        )
        link._write_all_lines()
        return log.with_env(self.env)

    def _write_all_lines(self):
        """Write to all lines of a buyer what holds now."""
        self.ensure_one()
        line_state = {"open": "none", "auto": "auto", "refused": "refused"}
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record
                      SET partner_id = %s, link_state = %s, linked_by = %s WHERE link_id = %s""",
                self.partner_id.id or None,
                line_state.get(self.state, "manual"),
                self.linked_by or None,
                self.id,
            )
        )
        self.env["kokyaku.sales.record"].invalidate_model(["partner_id", "link_state", "linked_by"])

    @api.model
    def _put_right(self, which):
        """Write to lines what their buyer is by now, where that was found out or decided while
        another transaction had them in hand.

        :param SQL which: condition on the lines (``r``), which have their buyers
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET partner_id = l.partner_id,
                       link_state = CASE WHEN l.state = 'refused' THEN 'refused'
                                         WHEN l.partner_id IS NULL THEN 'none'
                                         WHEN l.state IN ('linked', 'new') THEN 'manual'
                                         ELSE 'auto' END,
                       linked_by = CASE WHEN l.state NOT IN ('open', 'refused')
                                        THEN l.linked_by END
                  FROM kokyaku_sales_link l
                 WHERE %(which)s AND l.id = r.link_id
                   AND (r.partner_id IS NULL AND r.link_state = 'none'
                            AND (l.partner_id IS NOT NULL OR l.state = 'refused')
                        OR r.partner_id IS DISTINCT FROM l.partner_id AND %(decided)s)
                """,
                which=which,
                decided=SQL(DECIDED),
            )
        )

    # ---- A new person -----------------------------------------------------------------------

    def _person_values(self):
        """Return what is known of the buyer, as values of a customer (hook)."""
        self.ensure_one()
        name = (self.buyer_name or self.buyer_company or "").strip()
        values = {
            "name": name.removesuffix("様").strip(),
            "kana": self.buyer_kana,
            "email": self.buyer_email,
            "zip": format_code(self.buyer_zip or "") or self.buyer_zip,
            "country_id": self.company_id.country_id.id,
            "acquired_on": self.first_date,
        }
        values["mobile_phone" if is_mobile(self.buyer_phone) else "phone"] = self.buyer_phone
        if self.buyer_address:
            prefecture, values["city"], street = split_address(self.buyer_address)
            values["street"], values["street2"] = split_building(street)
            values["state_id"] = self._prefecture(prefecture)
        if self.buyer_company and not self.buyer_name:
            values["is_company"] = True
        elif self.buyer_company:
            house = self._house()
            values["parent_id"] = house.id
            if not house:
                values["company_name"] = self.buyer_company
        return {name: value for name, value in values.items() if value}

    def _prefecture(self, name):
        country = self.company_id.country_id
        states = self.env["res.country.state"].with_context(lang="ja_JP")
        domain = [("country_id", "=", country.id), ("name", "=", name)]
        return states.search(domain, limit=1).id if name and country else False

    def _house(self):
        """Return the one company of the buyer's company's name."""
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM kokyaku_partner_key n JOIN res_partner p ON p.id = n.id
                    WHERE split_part(n.doc, E'\\n', 2) = %s AND n.grams @> kokyaku_grams(%s)
                      AND p.is_company AND p.active
                      AND (p.company_id IS NULL OR p.company_id = %s) LIMIT 2""",
                self.company_key,
                f"\n{self.company_key}\n",
                self.company_id.id,
            )
        )
        return self.env["res.partner"].browse(rows[0] if len(rows) == 1 else [])


class KokyakuSalesLinkLog(models.Model):
    _inherit = "kokyaku.sales.link.log"

    def undo(self):
        """元に戻す: what was before this decision holds again. A person who was entered by it
        goes, unless something has been written about them since."""
        self.ensure_one()
        link = self.link_id
        link._check_may_decide()
        last = self.search(
            [("link_id", "=", link.id), ("undone_at", "=", False)], order="id desc", limit=1
        )
        if self != last:
            raise UserError(
                self.env._("Something else was decided about this buyer since. Undo that first.")
            )
        entered = self.sudo().partner_id if self.state == "new" else self.env["res.partner"]
        old_partner = self.sudo().old_partner_id
        state = self.old_state
        if not old_partner and state in ("auto", "linked", "new"):
            state = "open"  # whom it was linked to is no longer there
        link.sudo().write(
            {
                "state": state,
                "partner_id": old_partner.id,
                "linked_by": self.old_linked_by if state != "open" else False,
                "reasons": self.old_reasons,
                "taken_off": self.old_taken_off,
            }
        )
        link.sudo()._write_all_lines()
        self.sudo().write({"undone_at": fields.Datetime.now(), "undone_by_id": self.env.uid})
        self._take_out(entered)

    def _take_out(self, person):
        if not person.exists() or person.write_date != person.create_date:
            return
        self.env.flush_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                person.unlink()
                self.env.flush_all()
        except (UserError, psycopg2.IntegrityError):
            self.env.invalidate_all()  # in use already: the person stays
