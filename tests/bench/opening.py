"""The line person_page: what the web client asks when one opens a person.

The person has a long history: thousands of purchases, two thousand contacts, twenty
affiliations. They belong to a company of their own in the database, so that no figure of
the other lines moves.
"""

from functools import partial

import place

from .measuring import Line, same, sides
from .serving import GROUPS, Server, Session, _seconds

ORDERS = 1000
LINES = 3
CONTACTS = 2000
AFFILIATIONS = 20
MESSAGES = 30
COMPANY = "Bench: one person"
GROUPS_OF_ALL = ("base.group_partner_manager", *GROUPS[:-1])  # the last is ours
OURS, STOCK = "bench_person", "bench_person_stock"
CHATTER = ["activities", "attachments", "contact_fields", "followers", "scheduledMessages",
           "suggestedRecipients"]
OPENINGS = 40


def person_page(database, size, repeats):
    """All calls of opening a person in our form, against those of core's form: the same
    person, in the same database, opened by a user outside our groups."""
    with place.environment(database, rollback=False) as env:
        person = _have_person(env)
        specs = {side: _specification(env, login, person)
                 for side, login in (("ours", OURS), ("floor", STOCK))}
        person = person.id
    place.forget(database)
    place.execute(database, "ANALYZE sale_order, sale_order_line, kokyaku_contact_history")
    line = Line("person_page", size, 1.5)
    server = Server(database, "--max-cron-threads=0", "--log-level=warn")
    server.start()
    try:
        sessions = {"ours": Session(server.url, database, OURS, OURS),
                    "floor": Session(server.url, database, STOCK, STOCK)}
        results = {}
        for _number, side, warming in sides(max(repeats, OPENINGS)):
            took, results[side] = _seconds(
                partial(_open, sessions[side], person, specs[side])
            )
            if not warming:
                getattr(line, side).append(took)
    finally:
        server.stop()
    _check(results, specs)
    return line


def _open(session, person, specification):
    """Make the client's calls; return the record."""
    context = {**session.info["user_context"], "bin_size": True}
    [record] = session.call("res.partner", "web_read", [person], specification=specification,
                            context=context)
    session.post("/mail/thread/messages", thread_id=person, thread_model="res.partner",
                 fetch_params={"limit": 30})
    session.post("/mail/data", fetch_params=[["mail.thread", {
        "access_params": {}, "request_list": CHATTER, "thread_id": person,
        "thread_model": "res.partner"}]])
    return record


def _check(results, specs):
    """Both forms say the same of what both show; the cards know the whole history."""
    ours, stock = results["ours"], results["floor"]
    cards = ours["glance_cards"]
    plain = [name for name in specs["floor"] if not specs["floor"][name] and name in ours]
    same("the stock fields", {name: ours[name] for name in plain},
         {name: stock[name] for name in plain})
    same("orders", ours["sale_order_count"], ORDERS)
    same("affiliations", len(ours["affiliation_ids"]), AFFILIATIONS)
    same("cards", [card["name"] for card in cards],
         ["belongs", "reach", "purchases", "contacts", "next"])
    if str(ORDERS) not in str(cards[2]["lines"]):
        raise AssertionError(f"the cards do not count {ORDERS} orders: {cards['cards'][2]}")


def _specification(env, login, person):
    """What the web client asks of each field of the form, as this user sees it."""
    from odoo.tests.form import Form

    user = env["res.users"].search([("login", "=", login)])
    env = env(user=user, context={"lang": "ja_JP", "allowed_company_ids": user.company_id.ids})
    return Form(person.with_env(env))._view["fields_spec"]


# ---- The person -----------------------------------------------------------------------------


def _have_person(env):
    company = env["res.company"].search([("name", "=", COMPANY)])
    if company:
        return env["res.partner"].search([("ref", "=", COMPANY)])
    yen = env.company.currency_id
    company = env["res.company"].create({"name": COMPANY, "currency_id": yen.id})
    for login, groups in ((OURS, GROUPS[-1:]), (STOCK, ())):
        env["res.users"].with_context(no_reset_password=True).create({
            "name": login, "login": login, "password": login, "lang": "ja_JP",
            "company_id": company.id, "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, [env.ref(name).id for name in GROUPS_OF_ALL + groups])],
        })
    env = env(context=dict(env.context, allowed_company_ids=company.ids, tracking_disable=True))
    user = env["res.users"].search([("login", "=", OURS)])
    person = env["res.partner"].create({
        "name": "ベンチ 一郎", "ref": COMPANY, "company_id": company.id, "user_id": user.id,
        "email": "bench@example.com", "phone": "03-1234-5678", "birthdate": "1960-05-05",
        "city": "千代田区", "street": "1-1",
        "family_ids": [(0, 0, {"name": f"家族 {n}", "birthdate": f"199{n}-03-03"})
                       for n in range(4)],
        "consent_ids": [(0, 0, {"channel": "post", "purpose": "promotion", "state": "allowed"})],
    })
    _have_affiliations(env, person)
    _have_orders(env, person, user)
    _have_contacts(env, person, user)
    for number in range(MESSAGES):
        person.message_post(body=f"message {number}", subtype_xmlid="mail.mt_note")
    env.flush_all()
    return person


def _have_affiliations(env, person):
    houses = env["res.partner"].create([
        {"name": f"株式会社ベンチ{number}", "is_company": True, "company_id": person.company_id.id}
        for number in range(AFFILIATIONS)
    ])
    env["kokyaku.affiliation"].create([
        {
            "partner_id": person.id, "company_partner_id": house.id, "function": "課長",
            "department": "総務部", "is_main": True, "date_from": f"{2000 + number}-04-01",
            "date_to": f"{2001 + number}-03-31" if number < AFFILIATIONS - 1 else False,
        }
        for number, house in enumerate(houses)
    ])


def _have_orders(env, person, user):
    products = env["product.product"].search([("default_code", "=like", "B____")], limit=LINES)
    order = env["sale.order"].create({
        "partner_id": person.id, "company_id": person.company_id.id, "user_id": user.id,
        "order_line": [(0, 0, {"product_id": product.id, "tax_ids": False})
                       for product in products],
    })
    order.action_confirm()
    env.flush_all()
    orders = _copies(env.cr, "sale_order", order.id, ORDERS - 1, {
        "name": "name || '-' || g", "date_order": "date_order - g * interval '1 day'"})
    for line in order.order_line.ids:
        _copies(env.cr, "sale_order_line", line, ORDERS - 1, {"order_id": f"(ARRAY{orders})[g]"})


def _have_contacts(env, person, user):
    contact = env["kokyaku.contact.history"].create({
        "partner_id": person.id, "company_id": person.company_id.id, "user_id": user.id,
        "method_id": env["kokyaku.contact.method"].search([], limit=1).id, "subject": "訪問",
        "body": "打合せ。" * 20,
    })
    env.flush_all()
    _copies(env.cr, "kokyaku_contact_history", contact.id, CONTACTS - 1,
            {"date": "date - g * interval '1 day'"})


def _copies(cr, table, row, count, changes):
    """Insert copies of a row, each with its number `g` in the changed columns; give their ids."""
    cr.execute(
        """SELECT quote_ident(column_name) FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
            AND column_name NOT IN ('id', 'access_token')""", (table,),
    )
    names = [name for [name] in cr.fetchall()]
    values = ", ".join(changes.get(name, name) for name in names)
    cr.execute(
        f"""INSERT INTO {table} ({", ".join(names)})
        SELECT {values} FROM {table}, generate_series(1, {count}) g WHERE id = {row}
        ORDER BY g RETURNING id"""
    )
    return [id for [id] in cr.fetchall()]
