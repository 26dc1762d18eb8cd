from odoo import api, fields, models
from odoo.tools import consteq, hmac, is_html_empty

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
LINK_SCOPE = "kokyaku-preferences"
LINK_LENGTH = 40  # hex digits of the signature: 160 bits


class ResPartner(models.Model):
    """マイページ: what a person may do themselves, with a login or by a signed link."""

    _inherit = "res.partner"

    preferences_revision = fields.Integer(
        copy=False,
        groups=OFFICE,
        aggregator=False,
        help="How often the links to the page of preferences were made invalid.",
    )

    # ---- Links ------------------------------------------------------------------------

    def _kokyaku_signature(self):
        self.ensure_one()
        person = self.sudo()
        return hmac(person.env, LINK_SCOPE, (person.id, person.preferences_revision or 0))[
            :LINK_LENGTH
        ]

    def _kokyaku_link_token(self):
        """Return the token of this person's links. It opens their preferences and no data."""
        return f"{self.id}-{self._kokyaku_signature()}"

    def _kokyaku_preferences_url(self):
        """配信設定のリンク: where the person chooses what to receive, without a login."""
        return f"{self.get_base_url()}/kokyaku/preferences/{self._kokyaku_link_token()}"

    def _kokyaku_unsubscribe_url(self):
        """The address for ``List-Unsubscribe`` (RFC 8058): one POST stops promotion by e-mail."""
        return f"{self.get_base_url()}/kokyaku/unsubscribe/{self._kokyaku_link_token()}"

    @api.model
    def _kokyaku_by_link(self, token):
        """Return the person of a link, with the rights of the system; empty for a wrong one."""
        number, _dash, signature = (token or "").partition("-")
        number = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        person = self.sudo().browse(number).exists()
        # The comparison is done for nobody too, so that a wrong number takes as long.
        expected = (person or self.env.company.partner_id)._kokyaku_signature()
        return person if consteq(expected, signature) and person else self.sudo().browse()

    def action_revoke_preference_links(self):
        """配信設定リンクを無効にする: every link sent so far stops working; new ones work."""
        self.check_access("write")
        for partner in self:
            partner.preferences_revision = (partner.preferences_revision or 0) + 1
        return True

    # ---- 受取可否 -----------------------------------------------------------------------

    def _kokyaku_set_consents(self, states, basis, source):
        """Note what a person has said themselves.

        :param states: ``{(channel, purpose): state}``; what is the same already stays untouched
        :param basis: on what ground
        :param source: where it can be proved
        :return: how many entries are new or have changed
        """
        self.ensure_one()
        today = fields.Date.context_today(
            self.with_context(tz=self.env.context.get("tz") or "Asia/Tokyo")
        )
        known = {(entry.channel, entry.purpose): entry for entry in self.consent_ids}
        new, changed = [], 0
        for (channel, purpose), state in states.items():
            values = {"state": state, "basis": basis, "source": source, "date": today}
            entry = known.get((channel, purpose))
            if not entry:
                new.append(
                    {**values, "partner_id": self.id, "channel": channel, "purpose": purpose}
                )
            elif entry.state != state:
                entry.write(values)
                changed += 1
        self.env["kokyaku.consent"].create(new)
        return len(new) + changed

    # ---- Telling the office -------------------------------------------------------------

    def _kokyaku_responsible(self, company):
        """Who answers for a person: the staff in charge, the company's, else a manager."""
        self.ensure_one()
        for user in self.user_id | self.commercial_partner_id.user_id:
            if user.active and not user.share and company in user.company_ids:
                return user
        managers = (
            self.env.ref("kokyaku_crm.group_manager")
            .sudo()
            .all_user_ids.filtered(
                lambda user: user.active and not user.share and company in user.company_ids
            )
        )
        root = self.env.ref("base.user_root")
        return (managers - root).sorted("id")[:1] or root

    def _kokyaku_tell(self, company, activity_type, summary, note=None, once_a_day=False):
        """Give whoever is responsible something to do; with `once_a_day` at most one a day.

        :return: the activity, empty when there was one already
        """
        self.ensure_one()
        user = self._kokyaku_responsible(company)
        kind = self.env.ref(f"kokyaku_crm.{activity_type}")
        activities = self.env["mail.activity"].sudo()
        if once_a_day and activities.with_context(active_test=False).search_count(
            [
                ("activity_type_id", "=", kind.id),
                ("user_id", "=", user.id),
                ("summary", "=", summary),
                ("create_date", ">=", fields.Datetime.now().replace(hour=0, minute=0, second=0)),
            ],
            limit=1,
        ):
            return activities
        return self.sudo().activity_schedule(
            act_type_xmlid=f"kokyaku_crm.{activity_type}",
            summary=summary,
            note="" if is_html_empty(note) else note,
            user_id=user.id,
        )

    # ---- Core's address pages -----------------------------------------------------------

    def _can_be_edited_by_current_customer(self, **kwargs):
        """Core lets everyone of a company edit the addresses below it, those of colleagues too:
        what hangs on another person is nobody's but theirs."""
        if not super()._can_be_edited_by_current_customer(**kwargs):
            return False
        me = self._get_current_partner(**kwargs)
        owner = self.sudo().parent_id
        return self == me or not owner or owner == me or owner.is_company
