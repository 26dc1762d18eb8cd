"""The demo company: loaded by Odoo's own mechanism, it shows every screen in use, from today."""

import logging
import re
from collections import Counter
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import place
import pytest

TOKYO = ZoneInfo("Asia/Tokyo")
ADDONS = ("kokyaku_crm", "kokyaku_portfolio")
RESERVED_DOMAIN = re.compile(r"(^|[@.])example\.(com|net|org|jp)$")
# No telephone exchange begins with 1, and no mobile number goes on with 0: nobody has these.
UNASSIGNED_NUMBER = re.compile(r"^(0\d{1,3}-1\d{0,3}-\d{4}|0[789]0-0\d{3}-\d{4})$")
KATAKANA = re.compile(r"^[ァ-ヴー ]+$")


@pytest.fixture(scope="module")
def demo(module_database):
    """Odoo with the demo company loaded, and what the loading complained of."""
    with place.environment(module_database) as env, complaints() as said:
        load(env)
        yield env, said
    place.forget(module_database)


def load(env):
    """Load the demo data of our add-ons, as ``setup/run`` and the Apps menu do."""
    from odoo.modules.loading import load_demo
    from odoo.modules.module_graph import ModuleGraph

    graph = ModuleGraph(env.cr, mode="load")
    graph.extend(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
    for package in graph:
        if package.name in ADDONS:
            assert load_demo(env, package, {}, "init"), f"{package.name}: see the log"
    env.flush_all()


@contextmanager
def complaints():
    """Collect the warnings and errors of the log."""
    said = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    try:
        yield said
    finally:
        logging.getLogger().removeHandler(handler)


def company(env):
    return env.ref("kokyaku_crm.demo_company")


def customers(env):
    """The partners of the demo with a 顧客コード: companies and persons."""
    return demo_records(env, "res.partner").filtered("ref")


def demo_records(env, model):
    names = env["ir.model.data"].search([("module", "=", "kokyaku_crm"), ("model", "=", model)])
    return env[model].browse(names.mapped("res_id"))


def confirmed(env):
    return env["sale.order"].search(
        [("company_id", "=", company(env).id), ("state", "=", "sale")], order="date_order"
    )


def local(instant):
    return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(TOKYO)


def today():
    return datetime.now(TOKYO).date()


def portfolio(env, unit):
    """The demo's own portfolio, or one beside it that counts by another unit."""
    own = env["kokyaku.portfolio"]._default_for(company(env))
    if own.unit != unit:
        own = own.copy({"unit": unit})
        own.refresh()
    return own


def tier_counts(env, unit):
    rows = env["kokyaku.customer.metrics"]._read_group(
        [("portfolio_id", "=", portfolio(env, unit).id)], ["tier_id"], ["__count"]
    )
    return {tier.code: count for tier, count in rows if tier}


def test_it_loads_without_a_warning(demo):
    _env, said = demo
    assert said == []


def test_loading_it_again_changes_nothing(demo):
    env, _said = demo
    before = len(confirmed(env)), len(customers(env))
    load(env)
    assert (len(confirmed(env)), len(customers(env))) == before


def test_some_three_hundred_customers_companies_and_people(demo):
    env, _said = demo
    everyone = customers(env)
    assert 250 <= len(everyone) <= 350
    assert len(everyone.filtered("is_company")) == 40
    assert len(set(everyone.mapped("ref"))) == len(everyone)
    assert not [one.name for one in everyone if not KATAKANA.match(one.kana or "")]
    rare = "髙﨑邊邉齋齊濵瀨德𠮷"
    assert {kanji for kanji in rare if any(kanji in one.name for one in everyone)} == set(rare)
    without_code = everyone.filtered(lambda one: not one.zip)
    assert 1 <= len(without_code) <= 10
    assert not [
        one.name for one in everyone - without_code if not re.match(r"^\d{3}-\d{4}$", one.zip)
    ]


def test_nobody_is_real(demo):
    """Addresses that lead to somebody are left out: e-mail and telephone are made up."""
    env, _said = demo
    partners = demo_records(env, "res.partner") | company(env).partner_id
    partners |= demo_records(env, "res.users").partner_id
    mails = [mail for mail in partners.mapped("email") if mail]
    assert len(mails) > 200
    assert not [mail for mail in mails if not RESERVED_DOMAIN.search(mail)]
    numbers = [
        one[field] for one in partners for field in ("phone", "mobile_phone", "fax") if one[field]
    ]
    assert len(numbers) > 250
    assert not [number for number in numbers if not UNASSIGNED_NUMBER.match(number)]


@pytest.mark.parametrize("unit", ["person", "entity"])
def test_all_ten_tiers_have_customers(demo, unit):
    env, _said = demo
    counts = tier_counts(env, unit)
    assert set(counts) == set(env["kokyaku.tier"].search([]).mapped("code"))
    assert min(counts.values()) >= 4


def test_the_tiers_have_the_shares_of_a_real_shop(demo):
    env, _said = demo
    counts = Counter(tier_counts(env, "person"))
    assert counts.most_common(1)[0][0] == "first_lapsed"
    assert 0.08 <= counts["loyal_active"] / counts.total() <= 0.14


def test_the_orders_cover_three_years_and_end_today(demo):
    env, _said = demo
    days = [local(order.date_order).date() for order in confirmed(env)]
    assert 35 <= (days[-1] - days[0]).days / 30.4 <= 37
    assert days[-1] == today()
    assert max(order.date_order for order in confirmed(env)) <= datetime.now()
    months = Counter((day.year, day.month) for day in days)
    assert len(months) >= 36
    last_year = [n for (year, _), n in sorted(months.items())][-13:-1]
    first_year = [n for (year, _), n in sorted(months.items())][1:13]
    assert sum(last_year) > sum(first_year)


def test_gifts_are_bought_in_july_and_december(demo):
    env, _said = demo
    months = Counter(local(order.date_order).strftime("%m") for order in confirmed(env))
    assert {month for month, _n in months.most_common(2)} == {"07", "12"}


def test_some_orders_come_in_before_nine_when_it_is_yesterday_in_utc(demo):
    env, _said = demo
    early = [o for o in confirmed(env) if local(o.date_order).date() > o.date_order.date()]
    assert len(early) > 100


def test_the_orders_are_as_if_typed_in(demo):
    """Stored sums are what Odoo computes from the lines, and every kind of order is there."""
    env, _said = demo
    orders = env["sale.order"].search([("company_id", "=", company(env).id)])
    assert 2500 <= len(orders) <= 3500
    assert not [
        order.name
        for order in orders
        if order.amount_untaxed != sum(order.order_line.mapped("price_subtotal"))
    ]
    stored = {order: (order.amount_total, order.amount_tax) for order in orders}
    orders._compute_amounts()
    assert not [
        order.name
        for order, amounts in stored.items()
        if (order.amount_total, order.amount_tax) != amounts
    ]
    assert all(order.amount_tax for order in orders if order.amount_untaxed)
    assert {"sale", "sent", "cancel"} == set(orders.mapped("state"))
    assert any(quantity < 0 for quantity in confirmed(env).order_line.mapped("product_uom_qty"))
    named = confirmed(env).filtered("person_id")
    assert len(named) > 500
    assert all(
        order.person_id.commercial_partner_id == order.partner_id.commercial_partner_id
        for order in named
    )


def test_there_is_something_to_do_this_week(demo):
    """Some are about to lapse; some of the best fell away, and some came back, of late."""
    env, _said = demo
    own = portfolio(env, "person")
    lapsing_from = own.as_of - timedelta(days=own.lapse_days - 1)
    lapsing = env["kokyaku.customer.metrics"].search_count(
        [
            ("portfolio_id", "=", own.id),
            ("last_date", ">=", lapsing_from),
            ("last_date", "<=", lapsing_from + timedelta(days=29)),
        ]
    )
    assert lapsing >= 10
    stays = env["kokyaku.tier.period"].search(
        [("portfolio_id", "=", own.id), ("date_from", ">", own.as_of - timedelta(days=7))]
    )
    moves = Counter((stay.previous_tier_id.code, stay.tier_id.code) for stay in stays)
    assert moves["loyal_active", "loyal_lapsed"] >= 1
    assert sum(n for (old, new), n in moves.items() if _back(old, new)) >= 2


def _back(old, new):
    return bool(old and new) and old.endswith("_lapsed") and new.endswith("_active")


def test_the_first_board_is_full(demo):
    env, _said = demo
    own = portfolio(env, "person")
    assert own.configured and own.business_type == "mail_order" and own.tax_included
    assert own.as_of == today() and own.ranked_at
    assert own.loyal_amount == own.suggested_loyal_amount() > 50_000
    classes = env["kokyaku.customer.metrics"].search([("portfolio_id", "=", own.id)])
    assert set(classes.mapped("abc_class")) >= {"a", "b", "c"}


# ---- The persons beside their purchases -------------------------------------------------------


def contacts(env, *domain):
    return env["kokyaku.contact.history"].search([("company_id", "=", company(env).id), *domain])


def test_a_year_of_contacts_ends_today(demo):
    env, _said = demo
    told = contacts(env)
    assert 300 <= len(told) <= 550
    days = [local(contact.date).date() for contact in told]
    assert max(days) <= today() and (today() - min(days)).days <= 366
    assert {"contact", "inquiry", "request", "complaint", "receipt"} == set(told.mapped("kind"))
    tied = told.filtered("order_id")
    assert len(tied) > 50
    assert all(
        (contact.order_id.person_id or contact.order_id.partner_id) == contact.partner_id
        for contact in tied
    )


def test_some_matters_wait_for_an_answer(demo):
    env, _said = demo
    waiting = contacts(env, ("state", "=", "open"))
    assert 3 <= len(waiting) <= 10
    complaining = waiting.filtered(lambda contact: contact.kind == "complaint").partner_id
    assert len(complaining) == 1 and complaining.complaint_open


def test_people_belong_somewhere_now_and_before(demo):
    env, _said = demo
    rows = env["kokyaku.affiliation"].search([("partner_id", "in", customers(env).ids)])
    assert set(rows.mapped("state")) >= {"current", "past"}
    assert set(rows.mapped("kind")) >= {"regular", "concurrent", "seconded", "origin"}
    assert rows.filtered("successor_id")
    left = rows.partner_id.filtered(lambda person: not person.parent_id)
    assert 1 <= len(left) <= 5
    for person in rows.partner_id - left:
        main = person.affiliation_ids.filtered(lambda row: row.is_main and row.state == "current")
        assert main.company_partner_id == person.parent_id


def test_homes_families_and_a_dog(demo):
    env, _said = demo
    everyone = customers(env)
    assert 10 <= len(everyone.home_address_ids) <= 60
    family = everyone.family_ids
    assert 100 <= len(family) <= 300
    assert family.filtered("is_pet") and family.filtered("joint_addressee")
    assert everyone.interest_ids and everyone.referrer_id and everyone.staff_ids
    assert all(person.source_id and person.acquired_on for person in everyone - companies(env))


def companies(env):
    return customers(env).filtered("is_company")


def test_what_must_be_known_before_something_is_sent(demo):
    env, _said = demo
    everyone = customers(env)
    assert len(everyone.filtered("deceased_on")) == 1
    for state in ("in_mourning", "returned_mail", "promotion_refused"):
        assert 1 <= len(everyone.filtered(state)) <= 6, state
    assert set(everyone.consent_ids.mapped("state")) >= {"allowed", "refused"}


def test_what_comes_next(demo):
    env, _said = demo
    activities = env["mail.activity"].search(
        [("res_model", "=", "res.partner"), ("res_id", "in", customers(env).ids)]
    )
    assert len(activities) >= 10
    assert min(activities.mapped("date_deadline")) >= today() - timedelta(days=5)
    meetings = env["calendar.event"].search([("partner_ids", "in", customers(env).ids)])
    assert len(meetings) >= 3 and all(meeting.start > datetime.now() for meeting in meetings)


def test_sets_that_were_sent_answered_and_are_being_prepared(demo):
    env, _said = demo
    sets = env["kokyaku.selection.set"].search([], order="id")
    assert sets.mapped("state") == ["executed", "executed", "draft", "draft"]
    last_year, fair, fresh, lapsed = sets
    assert last_year.execution_ids.sent_count >= 50
    assert last_year.execution_ids.excluded_count >= 1, "someone is in mourning or has declined"
    assert fresh.previous_id == last_year and fresh.excluded_count == 2
    assert fresh.member_count >= last_year.member_count
    execution = fair.execution_ids
    assert execution.control_count >= 5
    assert 0.2 < execution.positive_count / execution.sent_count < 0.6
    people = lapsed.member_ids.partner_id
    assert people and set(people.kokyaku_tier_id.mapped("code")) == {"loyal_lapsed"}


def test_uninstalling_leaves_the_customers_and_their_orders(demo):
    """What has an external id of the add-on would be deleted with it, or fail to be."""
    env, _said = demo
    from odoo.addons.kokyaku_crm.hooks import uninstall_hook

    with closing(env.cr.savepoint()) as savepoint:
        kept = ("res.partner", "res.users", "res.company", "product.product", "product.category")
        assert all(demo_records(env, model) for model in kept)
        uninstall_hook(env)
        assert not any(demo_records(env, model) for model in kept)
        assert confirmed_by_name(env)
        savepoint.rollback()
    env.invalidate_all()


def confirmed_by_name(env):
    return env["sale.order"].search_count(
        [("company_id.name", "=", "株式会社そよぎ野茶舗"), ("state", "=", "sale")]
    )
