"""The lines over HTTP, in a real server: board and tier_list."""

import contextlib
import time
from ast import literal_eval
from datetime import timedelta
from functools import partial
from xml.etree import ElementTree

import place
from kokyaku_testing.rpc import Session
from kokyaku_testing.served import Server

from .data import LAST_DAY
from .measuring import Line, same, sides
from .refreshing import Refreshing

LOGIN = "bench"  # an ordinary user: sees customers and orders, administers nothing
GROUPS = ("base.group_user", "sales_team.group_sale_salesman_all_leads", "kokyaku_crm.group_user")
CALLS = 30
PAGE = {"limit": 80, "offset": 0, "count_limit": 10_001}


@contextlib.contextmanager
def _served(database):
    """A server of the database; gives a session of the ordinary user."""
    _have_user(database)
    server = Server(database, "--max-cron-threads=0", "--log-level=warn")
    server.start()
    try:
        yield Session(server.url, database, LOGIN, LOGIN)
    finally:
        server.stop()


def _have_user(database):
    with place.environment(database, rollback=False) as env:
        if not env["res.users"].search_count([("login", "=", LOGIN)]):
            groups = [env.ref(name).id for name in GROUPS]
            env["res.users"].with_context(no_reset_password=True).create(
                {"name": "Bench", "login": LOGIN, "password": LOGIN, "lang": "ja_JP",
                 "group_ids": [(6, 0, groups)]}
            )


def _seconds(function):
    started = time.perf_counter()
    result = function()
    return time.perf_counter() - started, result


# ---- board ----------------------------------------------------------------------------------


def board(database, size, repeats):
    """All figures of the board for any days, against one field of one user."""
    refreshing = Refreshing(database, size, repeats)
    refreshing.have_ranks()
    line = Line("board", size, 5)
    with _served(database) as session:
        uid = session.info["uid"]
        days = [LAST_DAY - timedelta(days=61 * n % 1500) for n in range(CALLS)]
        days[0] = LAST_DAY
        for number, side, warming in sides(CALLS):
            day = days[max(number, 0)]
            other = day - timedelta(days=30 + 7 * number % 300)
            target = Line("warm-up", "", 1) if warming else line
            with target.timing(side):
                if side == "ours":
                    data = session.call("kokyaku.portfolio", "board_data",
                                        refreshing.id, str(day), str(other))
                else:
                    session.call("res.users", "read", [uid], ["login"])
            if side == "ours" and not number:
                _check_board(refreshing, data)
    line.limit("ms", line.ours_s * 1000, 300)
    return line


def _check_board(refreshing, data):
    """The people of the ten cells are those of the metrics."""
    refreshing.cr.execute(
        """SELECT t.code, count(m.id) FROM kokyaku_tier t LEFT JOIN kokyaku_customer_metrics m
            ON m.tier_id = t.id AND m.portfolio_id = %s GROUP BY t.code""", (refreshing.id,)
    )
    wanted = dict(refreshing.cr.fetchall())
    shown = {tier["code"]: tier["now"][0] for tier in data["tiers"]}
    same("people on the board", shown, wanted)


# ---- tier_list ------------------------------------------------------------------------------


def tier_list(database, size, repeats):
    """First page and count of the largest and the smallest tier, in the list's own order and by
    name, against the contacts with a tag that stands on the same people. The worst counts."""
    refreshing = Refreshing(database, size, repeats)
    refreshing.have_ranks()
    tiers = _largest_and_smallest(refreshing.cr, refreshing.id)
    tags = [_tag(database, refreshing.id, tier) for tier in tiers]
    found = []
    with _served(database) as session:
        ours = _specification(session, "kokyaku.customer.metrics")
        stock = _specification(session, "res.partner")
        for tier, tag in zip(tiers, tags, strict=True):
            for order in ("", "partner_id"):  # contacts have no amount: they are by name
                line = Line("tier_list", size, 1.5)
                domain = [["portfolio_id", "=", refreshing.id], ["tier_id", "=", tier]]
                for number, side, _warming in sides(max(repeats, 9)):
                    if side == "ours":
                        took, page = _seconds(partial(session.call,
                            "kokyaku.customer.metrics", "web_search_read",
                            domain=domain, specification=ours, order=order, **PAGE))
                        mine = page
                    else:
                        took, page = _seconds(partial(session.call,
                            "res.partner", "web_search_read",
                            domain=[["category_id", "=", tag]], specification=stock,
                            order="", **PAGE))
                        theirs = page
                    if number >= 0:
                        getattr(line, side).append(took)
                same("people counted", mine["length"], theirs["length"])
                same("rows", len(mine["records"]), len(theirs["records"]))
                if order:
                    same("people by name", [row["partner_id"]["id"] for row in mine["records"]],
                         [row["id"] for row in theirs["records"]])
                found.append(line)
    return max(found, key=lambda line: line.ratio)


def _largest_and_smallest(cr, portfolio):
    cr.execute(
        """SELECT tier_id FROM kokyaku_customer_metrics
        WHERE portfolio_id = %s AND tier_id IS NOT NULL GROUP BY tier_id ORDER BY count(*)""",
        (portfolio,),
    )
    tiers = [row[0] for row in cr.fetchall()]
    return tiers[-1], tiers[0]


def _tag(database, portfolio, tier):
    """Put a tag on the people of a tier; return its id."""
    with place.environment(database, rollback=False) as env:
        name = f"Bench {tier}"
        tag = env["res.partner.category"].search([("name", "=", name)]) or env[
            "res.partner.category"
        ].create({"name": name})
        env.cr.execute(
            "DELETE FROM res_partner_res_partner_category_rel WHERE category_id = %s", (tag.id,)
        )
        env.cr.execute(
            """INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)
            SELECT %s, partner_id FROM kokyaku_customer_metrics
            WHERE portfolio_id = %s AND tier_id = %s""",
            (tag.id, portfolio, tier),
        )
        env.cr.execute("ANALYZE res_partner_res_partner_category_rel")
        return tag.id


def _specification(session, model):
    """What the web client asks of each field of the model's list view."""
    views = session.call(model, "get_views", [[False, "list"]], {"toolbar": False})
    known = views["models"][model]["fields"]
    arch = ElementTree.fromstring(views["views"]["list"]["arch"])
    wanted = {}
    for node in arch.iter("field"):
        name = node.get("name")
        kind = known[name]["type"]
        if kind == "many2one":
            wanted[name] = {"fields": {"display_name": {}}}
        elif kind in ("many2many", "one2many"):
            shown = {"display_name": {}}
            if color := literal_eval(node.get("options") or "{}").get("color_field"):
                shown[color] = {}
            wanted[name] = {"fields": shown} if node.get("widget") == "many2many_tags" else {}
        else:
            wanted[name] = {}
    return wanted
