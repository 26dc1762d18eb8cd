"""A year of a real grocery chain as a file of another program, imported through the import's own
path: the portfolio is the one that the same data gives as orders."""

import csv
from datetime import date

import pandas as pd
import place
import pytest
from kokyaku_testing import databases
from real_data import loader

HEADINGS = ("伝票番号", "売上日", "得意先コード", "商品コード", "数量", "税抜金額", "店舗")
BASE_DATE = date(2017, 10, 31)
RULES = {"short_tenure_days": 60, "long_tenure_days": 180, "lapse_days": 45, "loyal_amount": 500}
DERIVED = {
    "kokyaku_customer_metrics": "partner_id, tier_id, first_date, last_date, purchase_days, "
    "order_count, amount, tenure_days, decile, abc_class, r_quintile, f_quintile, m_quintile",
    "kokyaku_tier_period": "partner_id, tier_id, date_from, date_to, amount",
    "kokyaku_tier_day": "date, tier_id, people_delta, amount_delta, amount_12m_delta",
}


@pytest.fixture(scope="module")
def database():
    """A copy of the year as orders, and another company that has none of them."""
    name = "test_import_real"
    place.copy(loader.prepare(), name)
    yield name
    place.forget(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The transactions as the old program would write them: CP932, Japanese headings."""
    path = tmp_path_factory.mktemp("import") / "売上データ.csv"
    lines, _products = loader.read()
    at = lines.groupby("basket_id").transaction_timestamp.transform("min")
    local = at.dt.tz_localize("UTC").dt.tz_convert(loader.TZ)
    days = local.dt.strftime("%Y/%m/%d")
    shops = "店舗" + lines.store_id.astype(str)
    with open(path, "w", encoding="cp932", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(
            zip(
                lines.basket_id,
                days,
                "H" + lines.household_id.astype(str).str.zfill(4),
                lines.product_id,
                lines.quantity,
                lines.sales_value.round(2),
                shops,
                strict=True,
            )
        )
    return path, len(lines)


def new_company(env):
    orders = env["kokyaku.portfolio"].search([("name", "=", loader.COMPANY)])
    company = env["res.company"].create(
        {"name": "取込", "currency_id": orders.company_id.currency_id.id}
    )
    env.user.company_ids += company
    orders.write({"base_date": BASE_DATE, **RULES})
    copied = ("tz", "unit", "tax_included", *RULES)
    imported = env["kokyaku.portfolio"]._default_for(company)
    imported.write(
        {name: orders[name] for name in copied} | {"base_date": BASE_DATE, "configured": True}
    )
    return orders, imported


def imported_by(env, company, path):
    """Import a file as the screen does; return the import when its run has ended."""
    from odoo.addons.kokyaku_crm.reading import SourceFile, recognise

    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    source = SourceFile.open(path)
    mapping = recognise(source.headings, source.samples)
    mapping.options["tax_included"] = False
    with open(path, "rb") as stream:
        import_ = env["kokyaku.import"]._receive(stream, path.name)
    import_.write({"kind": mapping.kind, "source": "レジ", "mapping": mapping.to_json()})
    import_.action_start()
    env.cr.commit()
    while import_.run_id.state in ("queued", "running"):
        import_.run_id._execute()
    return import_


def rows(env, table, columns, portfolio):
    env.cr.execute(
        f"SELECT {columns} FROM {table} WHERE portfolio_id = %s ORDER BY {columns}",
        (portfolio.id,),
    )
    return pd.DataFrame(env.cr.fetchall(), columns=columns.split(", "))


def test_the_file_gives_the_portfolio_of_the_orders(database, file):
    path, count = file
    with place.environment(database) as env:
        orders, imported = new_company(env)
        import_ = imported_by(env, imported.company_id, path)
        assert (import_.state, import_.kind) == ("done", "sales"), import_.problem
        counts = (import_.new_count, import_.rejected_count, import_.left_out_count)
        assert counts == (count, 0, 0)
        env.cr.execute(
            """SELECT count(*), count(partner_id), count(product_id), sum(amount)
            FROM kokyaku_sales_record WHERE company_id = %s""",
            (imported.company_id.id,),
        )
        stored = env.cr.fetchone()
        transactions, _products = loader.read()
        cents = round(transactions.sales_value.round(2).mul(100).round().sum())
        assert (*stored[:3], round(stored[3] * 100)) == (count, count, count, cents)
        for portfolio in (orders, imported):
            portfolio.refresh()
            portfolio.rank()
        for table, columns in DERIVED.items():
            wanted, found = (rows(env, table, columns, one) for one in (orders, imported))
            assert len(wanted) > 1000
            pd.testing.assert_frame_equal(found, wanted, obj=table)


def test_again_the_same_file_changes_nothing(database, file):
    """A tenth of it, for the time it takes."""
    path, _count = file
    part = path.with_name("again.csv")
    with open(path, encoding="cp932") as whole, open(part, "w", encoding="cp932") as few:
        few.writelines(line for _, line in zip(range(150_001), whole, strict=False))
    with place.environment(database) as env:
        company = env["res.company"].search([("name", "=", "取込")])
        import_ = imported_by(env, company, part)
        assert import_.state == "done", import_.problem
        counts = (import_.new_count, import_.updated_count, import_.rejected_count)
        assert counts == (0, 0, 0)
        assert import_.same_count == 150_000
