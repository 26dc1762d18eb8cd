from unittest.mock import patch

from odoo.tests import RecordCapturer, tagged

from ..models.search_triggers import VERSION
from ..naming import fold_name, fold_phone, fold_text, sort_key
from ..naming.grams import numbers
from ..naming.legal_form import BEHIND, IN_FRONT
from ..naming.variants import GROUPS
from .common import KokyakuCase

CORPUS = [
    "㈱ウィング", "（株）ｳｨﾝｸﾞ東京", "ういんぐ 株式会社", "カ）ヤマダ", "ヤマダ(カ", "株式会社",
    "医療法人社団 桜会", "ＡＢＣ Co., Ltd.", "髙﨑 佐々木　代々木", "ﾊﾞｰﾊﾞﾗ･ｽﾐｽ", "ゔぁいおりん",
    "ÉCOLE Straße Ünver", "K-００１／Ａ", "info+a_b@my-site.jp", "100%\\_'\"$1",
    "〒１００－０００１",
    "+81 (0)3-1234-5678", "0081 90 1234 5678", "03-1111-2222 / 090-3333-4444 内線12", "TEL:なし",
    "𠮷野家𠮷", "葛\U000e0100西", "一\n二\n\n株式会社三", "a\nb1\n12\n1", "x", "", "  ", "々",
    "ｶﾞﾊﾟ゛",
    "ﾃﾞﾝﾜ 03ー1234ー5678", "ヶ谷ヵ所", "Ⅷ①㌔", "ーー〜～", "\n田中\n0312345678\n",
    "".join(GROUPS), *IN_FRONT, *BEHIND,
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestPartnerSearch(KokyakuCase):
    """Find 田中 by タナカ, by company, by phone, by code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.env["kokyaku.partner.key"]
        cls.keys._ensure_filled()
        cls.wing.zip = "104-0061"  # and so is that of its people
        cls.tanaka = cls.env["res.partner"].create(
            {
                "name": "田中 髙志",
                "kana": "タナカ タカシ",
                "parent_id": cls.wing.id,
                "phone": "03-9911-7788",
                "mobile_phone": "090-5511-6622",
                "fax": "03-9911-7799",
                "email": "Tanaka.T@ka-wing.example",
                "ref": "Ｚ-00991",
                "member_number": "M7-4410",
            }
        )

    def _found(self, typed, user=None):
        partners = self.env["res.partner"]
        if user:
            partners = self._as(user)["res.partner"]
        return partners.browse([found[0] for found in partners.name_search(typed, limit=None)])

    def _assert_finds(self, *queries, partner=None):
        for typed in queries:
            self.assertIn(partner or self.tanaka, self._found(typed), typed)

    def _assert_misses(self, *queries, partner=None):
        for typed in queries:
            self.assertNotIn(partner or self.tanaka, self._found(typed), typed)

    # ---- One definition, two languages ------------------------------------------------

    def test_postgresql_folds_as_python_does(self):
        for function, python in (
            ("kokyaku_fold_text", fold_text),
            ("kokyaku_fold_name", fold_name),
            ("kokyaku_sort_key", sort_key),
            ("kokyaku_fold_phone", fold_phone),
            ("kokyaku_grams", lambda text: numbers(text) or None),
        ):
            self.env.cr.execute(
                f"SELECT t, {function}(t) FROM unnest(%s) AS t", [CORPUS]  # pylint: disable=E8103
            )
            for text, folded in self.env.cr.fetchall():
                self.assertEqual(folded, python(text), f"{function} {text!r}")

    # ---- What is found ------------------------------------------------------------------

    def test_by_name_and_reading_however_typed(self):
        self._assert_finds(
            "田中", "タナカ", "たなか", "ﾀﾅｶ", "田中髙志", "田中　高志", "高志 田中",
            "たなか たかし",
            "タナカタカ", "高志", "田",
        )  # fmt: skip
        self._assert_misses("田中 健一", "ナカダ", "中田", "志")

    def test_a_word_begins_with_a_word_when_it_runs_into_the_next(self):
        self._assert_finds("タナカタ", "タナカタカシ", "ナカ", "タカシ", "高志")
        self._assert_misses("ナカタ", "カタカ", "ナカタカシ", "中高", "中髙志")
        self.tanaka.kana = "タナカタ カシ"
        self._assert_finds("ナカタ")
        self.tanaka.kana = "タナカ　　タカシ"
        self._assert_finds("たなかたか")
        self._assert_misses("ナカタ")

    def test_a_common_name_offers_the_likeliest_first(self):
        people = self.env["res.partner"].create(
            [{"name": f"超 田中{number}"} for number in range(12)]
        )
        last = self.env["res.partner"].create({"name": "田中 わ", "kana": "タナカ ワ"})
        firm = self.env["res.partner"].create({"name": "田中株式会社", "is_company": True})
        everyone = self._found("田中")
        models = "odoo.addons.kokyaku_crm.models"
        with patch(f"{models}.kokyaku_partner_key.MANY", 6), patch(
            f"{models}.res_partner_search.FEW", 2
        ):
            found = self.env["res.partner"].name_search("田中", limit=4)
            self.assertEqual(found[0][0], firm.id)
            for one in self.tanaka | last:
                self.assertIn(one.id, [row[0] for row in found])
            self.assertEqual(len(found), 4)
            more = self.env["res.partner"].name_search("田中", limit=1000)
            self.assertEqual({row[0] for row in more}, set(everyone.ids))
            self.assertEqual(len(more), len(everyone))
            mine = [("id", "=", people[-1].id)]
            found = self.env["res.partner"].name_search("田中", mine, limit=4)
            self.assertEqual([row[0] for row in found], people[-1].ids)
        first = everyone.sorted("complete_name")[:5].ids
        with patch(f"{models}.res_partner_search.FEW", 2):
            found = self.env["res.partner"].name_search("田中", limit=5)
            self.assertEqual([row[0] for row in found], first, "in core's order up to MANY")

    def test_by_company(self):
        self._assert_finds(
            "ウィング", "ういんぐ", "㈱ウィング", "ウイング株式会社",
            "田中 ウィング", "ウィング 高志",
        )  # fmt: skip
        self._assert_misses("ウィングス", "田中 別会社")

    def test_by_phone_in_any_notation(self):
        self._assert_finds(
            "03-9911-7788", "0399117788", "０３（９９１１）７７８８", "+81 3-9911-7788",
            "03ー9911ー7788", "03 9911 7788", "9911-7788", "7788", "6622", "7799", "090-5511",
        )  # fmt: skip
        self._assert_misses("9117", "7788-6622")

    def test_by_code_mail_and_postal_code(self):
        self._assert_finds(
            "Z-00991", "z00991", "Ｚ００９９１", "M7-4410", "m74410", "4410", "tanaka.t@",
            "ka-wing.example", "104-0061", "1040061", "〒104-0061", "104",
        )  # fmt: skip

    def test_by_affiliation_while_it_lasts(self):
        other = self.env["res.partner"].create({"name": "有限会社きりん堂", "is_company": True})
        affiliation = self.env["kokyaku.affiliation"].create(
            {
                "partner_id": self.tanaka.id,
                "company_partner_id": other.id,
                "department": "購買部",
                "phone": "06-2255-3311",
                "email": "t@kirin.example",
            }
        )
        self._assert_finds("キリン堂", "㈲きりん堂 田中", "購買部", "3311", "kirin.example")
        other.name = "有限会社ぞうさん"
        self._assert_finds("ゾウサン")
        self._assert_misses("キリン堂")
        affiliation.date_to = "2026-03-31"
        self._assert_misses("ゾウサン", "06-2255-3311")
        affiliation.date_to = False
        affiliation.unlink()
        self._assert_misses("ゾウサン")

    def test_by_home(self):
        self.env["kokyaku.home.address"].create(
            {"partner_id": self.tanaka.id, "zip": "2480006", "phone": "0467-25-9090"}
        )
        self._assert_finds("248-0006", "9090", "0467-25")

    def test_by_user_defined_code_and_name(self):
        codes = self.env["kokyaku.user.code"].with_context(active_test=False)
        label = codes.search([("model", "=", "res.partner"), ("slot", "=", "7")]) or codes.create(
            {"model": "res.partner", "slot": "7", "name": "地区"}
        )
        value = self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "KT-09", "name": "北多摩"}
        )
        self.tanaka.write({"user_code_7_id": value.id, "user_name_2": "釣り同好会"})
        self._assert_finds("北多摩", "kt09", "同好会", "田中 北多摩")
        value.name = "南多摩"
        self._assert_finds("南多摩")
        self._assert_misses("北多摩")

    def test_a_renamed_company_is_found_with_its_people(self):
        self.wing.name = "株式会社つばさ"
        self._assert_finds("ツバサ", "つばさ 田中")
        self._assert_misses("ウィング")

    def test_what_has_no_word_for_the_index_is_left_to_core(self):
        self._assert_finds("株式会社", partner=self.wing)
        self.assertTrue(self._found(""))

    def test_wildcards_are_letters(self):
        percent = self.env["res.partner"].create({"name": "百100%_果汁"})
        self._assert_finds("100%_果", partner=percent)
        self._assert_misses("1__%", partner=percent)

    def test_the_search_box_and_the_drop_down_find_the_same(self):
        for typed in ("たなか", "7788", "㈱ウィング", "104-0061"):
            self.assertEqual(
                set(self.env["res.partner"].search([("display_name", "ilike", typed)])),
                set(self._found(typed)),
                typed,
            )
        without = self.env["res.partner"].search([("display_name", "not ilike", "たなか")])
        self.assertNotIn(self.tanaka, without)
        self.assertIn(self.kuroki, without)
        self.assertEqual(
            (self.tanaka | self.kuroki).filtered_domain([("id", "in", self._found("タナカ").ids)]),
            self.tanaka,
        )

    # ---- Kept in step ---------------------------------------------------------------------

    def test_direct_sql_is_seen(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '06-7777-1212' WHERE id = %s", [self.tanaka.id]
        )
        self._assert_finds("1212")
        self._assert_misses("7788")
        self.env.cr.execute(
            "INSERT INTO res_partner (name, active, autopost_bills) "
            "VALUES ('直接 入力', TRUE, 'ask') RETURNING id"
        )
        born = self.env["res.partner"].browse(self.env.cr.fetchone())
        born.complete_name = "直接 入力"
        self._assert_finds("直接 入力", partner=born)

    def test_the_deleted_leave_no_key(self):
        gone = self.tanaka.id
        self.tanaka.unlink()
        self.env.flush_all()
        self.env.cr.execute("SELECT 1 FROM kokyaku_partner_key WHERE id = %s", [gone])
        self.assertFalse(self.env.cr.rowcount)

    def test_the_survivor_of_a_merge_is_found_by_both(self):
        double = self.env["res.partner"].create({"name": "田中 高志", "fax": "045-222-3434"})
        self.tanaka.fax = False
        self.env["kokyaku.affiliation"].create(
            {"partner_id": double.id, "company_partner_id": self.haruyama.id, "phone": "011-5656"}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double | self.tanaka).ids, self.tanaka, extra_checks=False)
        self._assert_finds("3434", "5656", "たなか", "7788")
        self.env.cr.execute("SELECT 1 FROM kokyaku_partner_key WHERE id = %s", [double.id])
        self.assertFalse(self.env.cr.rowcount)

    def test_a_refilling_changes_nothing(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT id, doc, words FROM kokyaku_partner_key ORDER BY id")
        before = self.env.cr.fetchall()
        self.env.cr.execute("DELETE FROM kokyaku_partner_key")
        self.keys._fill()
        self.env.cr.execute("SELECT id, doc, words FROM kokyaku_partner_key ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertIn(self.tanaka.id, [row[0] for row in before])

    def test_a_refilling_mends_the_pieces_alone(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE kokyaku_partner_key SET grams = '{1}'")
        self._assert_misses("たなか")
        self.keys._fill()
        self._assert_finds("たなか")

    def test_until_everyone_has_a_key_core_searches(self):
        self.env.cr.execute("DELETE FROM kokyaku_partner_key")
        self.env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", "older rules")
        self._assert_finds("田中")
        self._assert_misses("たなか")
        run = self.env["kokyaku.run"]._enqueue("partner_keys")
        while run.state in ("queued", "running"):
            run.sudo()._execute()
        self.assertEqual(run.state, "done", run.message)
        self.assertEqual(
            self.env["ir.config_parameter"].get_param("kokyaku_crm.search_keys"), VERSION
        )
        self._assert_finds("たなか")

    def test_an_update_with_other_rules_fills_few_keys_at_once_and_leaves_many_to_the_cron(self):
        self.env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", "older rules")
        cron = self.env.ref("kokyaku_crm.cron_partner_keys")
        with (
            patch("odoo.addons.kokyaku_crm.models.kokyaku_partner_key.AT_ONCE", 1),
            RecordCapturer(self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]) as triggered,
        ):
            self.keys._create_in_database()
            self._assert_misses("たなか")
            self.assertEqual(len(triggered.records), 1, "nobody waits a day for the search")
            self.keys._ensure_filled()
            self.keys._ensure_filled()
        run = self.env["kokyaku.run"].search([("kind", "=", "partner_keys")])
        self.assertEqual(run.state, "queued")
        self.keys._create_in_database()
        self._assert_finds("たなか")

    def test_other_rules_in_the_middle_of_a_filling_begin_it_anew(self):
        run = self.env["kokyaku.run"]._enqueue("partner_keys")
        last = self.env["res.partner"].search([], order="id desc", limit=1)
        run.params = {"after": last.id, "version": "older rules"}
        self.env.cr.execute("DELETE FROM kokyaku_partner_key")
        self.env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", "older rules")
        while run.state in ("queued", "running"):
            run.sudo()._execute()
        self.assertEqual(run.state, "done", run.message)
        self._assert_finds("たなか")

    # ---- Whose eyes -------------------------------------------------------------------------

    def test_record_rules_and_archive_apply_as_ever(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.assertIn(self.tanaka, self._found("たなか", self.analyst))
        self.tanaka.parent_id = False
        self.tanaka.company_id = other
        self.assertNotIn(self.tanaka, self._found("たなか", self.analyst))
        self.tanaka.company_id = False
        self.tanaka.active = False
        self.assertNotIn(self.tanaka, self._found("たなか", self.analyst))

    def test_the_portal_finds_by_nothing_it_may_not_see(self):
        self.portal.partner_id.parent_id = self.wing
        self.assertIn(self.tanaka, self._found("田中", self.portal))
        for typed in ("たなか", "6622", "M7-4410"):
            self.assertNotIn(self.tanaka, self._found(typed, self.portal), typed)

    # ---- Order --------------------------------------------------------------------------------

    def test_lists_are_in_the_order_of_kana_without_legal_form(self):
        names = self.env["res.partner"].create(
            [
                {"name": "株式会社アサヒ堂", "is_company": True},
                {"name": "井上 次郎", "kana": "イノウエ ジロウ"},
                {"name": "有限会社上野", "kana": "ユウゲンガイシャウエノ", "is_company": True},
                {"name": "岡 正人", "kana": "オカ マサト"},
                {"name": "岡田 愛", "kana": "オカダ アイ"},
            ]
        )
        found = self.env["res.partner"].search([("id", "in", names.ids)], order="kana_sort")
        self.assertEqual(found, names)
        names[0].kana = "ワサヒドウ"
        found = self.env["res.partner"].search([("id", "in", names.ids)], order="kana_sort")
        self.assertEqual(found, names[1:] + names[0])
        self.env.cr.execute("UPDATE res_partner SET kana_sort = NULL")
        found = self.env["res.partner"].search([("id", "in", names.ids)], order="kana_sort desc")
        self.assertEqual(found[0].name, "株式会社アサヒ堂")  # by name until the cron has been
        self.keys._cron()
        found = self.env["res.partner"].search([("id", "in", names.ids)], order="kana_sort")
        self.assertEqual(found[0].name, "株式会社アサヒ堂")
