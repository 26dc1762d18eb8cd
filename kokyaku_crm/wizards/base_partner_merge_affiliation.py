from odoo import api, models
from odoo.exceptions import UserError

# What two rows have to agree on to be one affiliation.
SAME = ("company_partner_id", "department", "function", "date_from", "date_to", "kind")
FILLED = ("phone", "email", "note", "successor_id", "ended_by")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two people keeps where both belong and belonged, and the homes and families.

    Core moves plain foreign keys by itself. Folded before: what would contradict itself
    afterwards (two main affiliations, two homes, someone who referred themselves).
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        quiet = self.sudo().with_context(kokyaku_no_settle=True)
        quiet._merge_affiliations(src_partners, dst_partner)
        quiet._merge_homes(src_partners, dst_partner)
        quiet._merge_families(src_partners, dst_partner)
        quiet._merge_referrers(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Let core choose the values; where someone belongs say the affiliations."""
        leading = {"kokyaku_affiliations_lead": True}
        result = super()._update_values(
            src_partners.with_context(**leading), dst_partner.with_context(**leading)
        )
        dst_partner.sudo()._settle_affiliations()
        return result

    @api.model
    def _merge_affiliations(self, src_partners, dst_partner):
        """Fold equal affiliations; of two main ones at a time the survivor's stays the main."""
        people = (src_partners | dst_partner).sudo()
        Affiliation = self.env["kokyaku.affiliation"]
        own_company = Affiliation.search(
            [("partner_id", "in", people.ids), ("company_partner_id", "in", people.ids)], limit=1
        )
        if own_company:
            raise UserError(
                self.env._(
                    "%(person)s belongs to %(company)s, so the two cannot be one. Please take the "
                    "affiliation out first.",
                    person=own_company.partner_id.name,
                    company=own_company.company_partner_id.name,
                )
            )
        rows = Affiliation.search([("partner_id", "in", people.ids)])
        implied = people.filtered(lambda one: one._has_implied_affiliation()) - rows.partner_id
        if implied and (rows or len(implied.parent_id) > 1):
            rows |= Affiliation.create(
                [
                    {
                        "partner_id": person.id,
                        "company_partner_id": person.parent_id.id,
                        "function": person.function,
                        "is_main": True,
                    }
                    for person in implied
                ]
            )
        kept = rows.filtered(lambda row: row.partner_id == dst_partner)
        for row in rows - kept:
            twin = kept.filtered(lambda one, row=row: all(one[name] == row[name] for name in SAME))
            clash = twin and any(
                twin[0][name] and row[name] and twin[0][name] != row[name] for name in FILLED
            )
            if twin and not clash:
                twin[0].write({name: twin[0][name] or row[name] for name in FILLED[:3]})
                twin[0].successor_id = twin[0].successor_id or row.successor_id
                twin[0].ended_by = twin[0].ended_by or row.ended_by
                row.unlink()
                continue
            mains = kept.filtered("is_main")
            if row.is_main and any(row._meets(main) for main in mains):
                row.is_main = False
            kept |= row
        for row in kept.filtered(lambda row: row.successor_id in people):
            row.successor_id = False  # nobody succeeds themselves

    @api.model
    def _merge_homes(self, src_partners, dst_partner):
        """Keep the survivor's home; the other one goes into its note."""
        Home = self.env["kokyaku.home.address"]
        kept = Home.search([("partner_id", "=", dst_partner.id)])
        for home in Home.search(
            [("partner_id", "in", src_partners.ids)], order="write_date desc, id desc"
        ):
            if not kept:
                home.partner_id = dst_partner
                kept = home
                continue
            other = " ".join(part for part in (home._one_line(), home.note) if part)
            if other and other != kept._one_line():
                kept.note = " / ".join(part for part in (kept.note, other) if part)
            kept.phone = kept.phone or home.phone
            home.unlink()

    @api.model
    def _merge_families(self, src_partners, dst_partner):
        """Fold family members that both have; what differs goes into the note."""
        Member = self.env["kokyaku.family.member"]
        people = src_partners | dst_partner
        members = Member.search([("partner_id", "in", people.ids)])
        members.filtered(lambda member: member.member_partner_id in people).write(
            {"member_partner_id": False}
        )
        kept = members.filtered(lambda member: member.partner_id == dst_partner)
        for member in members - kept:
            twin = kept.filtered(lambda one, member=member: member._is_same_as(one))[:1]
            if not twin:
                kept |= member
                continue
            notes = [twin.note, member.note]
            for fname in ("relation_id", "kana"):
                if twin[fname] and member[fname] and twin[fname] != member[fname]:
                    value = member[fname]
                    notes.append(value.name if fname == "relation_id" else value)
            twin.write(
                {
                    "relation_id": (twin.relation_id or member.relation_id).id,
                    "kana": twin.kana or member.kana,
                    "birthdate": twin.birthdate or member.birthdate,
                    "member_partner_id": (twin.member_partner_id or member.member_partner_id).id,
                    "joint_addressee": twin.joint_addressee or member.joint_addressee,
                    "note": " / ".join(dict.fromkeys(filter(None, notes))) or False,
                }
            )
            member.unlink()

    @api.model
    def _merge_referrers(self, src_partners, dst_partner):
        """Nobody refers themselves, not even over others: cut the link that would say so."""
        people = (src_partners | dst_partner).sudo()
        for person in people:
            above, seen = person.referrer_id, person
            while above and above not in seen:
                if above in people:
                    person.referrer_id = False
                    break
                seen |= above
                above = above.referrer_id
