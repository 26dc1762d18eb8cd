import csv
import io
import random
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..reading import HELPERS, LEFT_OUT, OUT_ONLY, TARGETS
from ..sheets import workbook
from .import_common import SALES, ImportCase


@tagged("post_install", "-at_install")
class TestImportScreen(ImportCase):
    """What the office sees of a file before it is imported, and gets back afterwards."""

    def _preview(self, import_, **options):
        file = import_.look()
        file["mapping"]["options"].update(options)
        return import_.preview(file["layout"], file["mapping"])

    def _zip(self, **members):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in members.items():
                packed.writestr(name.replace("_", "."), data)
        return content.getvalue()

    # ---- the file ------------------------------------------------------------------------

    def test_a_file_is_kept_as_it_came(self):
        import_ = self._file()
        self.assertEqual(import_.file_name, "売上.csv")
        self.assertEqual(import_.file_size, len(SALES.encode("cp932")))
        attachment = import_.sudo().attachment_id
        self.assertEqual(attachment.raw, SALES.encode("cp932"))
        self.assertEqual(attachment.checksum, attachment._compute_checksum(attachment.raw))
        self.assertEqual(attachment.file_size, import_.file_size)

    def test_the_file_lies_in_the_database_where_the_office_wants_it(self):
        self.env["ir.config_parameter"].sudo().set_param("ir_attachment.location", "db")
        import_ = self._file()
        self.assertFalse(import_.sudo().attachment_id.store_fname)
        self._set_up(import_)
        self._work()
        self.assertEqual((import_.state, import_.row_count), ("done", 5))

    def test_a_zip_with_one_table_is_opened(self):
        import_ = self._file(self._zip(uriage_csv=SALES.encode("cp932"), readme_md=b"x"), "月.zip")
        self.assertEqual(import_.file_name, "uriage.csv")
        self.assertEqual(import_.look()["mapping"]["kind"], "sales")

    def test_a_zip_with_two_tables_or_none_is_refused_in_words(self):
        for members in ({"a_csv": b"1", "b_csv": b"2"}, {"a_md": b"1"}):
            with self.assertRaisesRegex(UserError, "unpack it"):
                self._file(self._zip(**members), "月.zip")

    def test_files_that_cannot_be_read_are_told_in_words(self):
        cases = {
            "image.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
            "heading.csv": "伝票番号,売上日,金額\n".encode("cp932"),
            "broken.xlsx": b"PK\x03\x04[Content_Types].xml" + b"x" * 300,
            "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "wide.csv": (",".join(f"c{n}" for n in range(1500)) + "\n") .encode() * 3,
        }
        for name, content in cases.items():
            look = self._file(content, name).look()
            problem = look["problem"]
            self.assertTrue(problem and problem.endswith("."), f"{name}: {problem}")
            # another character code is offered only where it may help
            self.assertFalse(look["can_reread"], name)
            self.assertEqual(look["name"], name)
        with self.assertRaisesRegex(UserError, "0 bytes"):
            self._file(b"", "leer.csv")

    def test_the_same_file_is_known_again(self):
        import_ = self._file()
        self.assertFalse(import_.look()["before"])
        self._set_up(import_)
        self._work()
        before = self._file(name="別名.csv").look()["before"]
        self.assertEqual(before["id"], import_.id)
        self.assertEqual(before["user"], self.clerk.name)

    # ---- the columns -----------------------------------------------------------------------

    def test_columns_are_proposed_with_their_values(self):
        file = self._file().look()
        self.assertEqual(file["layout"]["encoding"], "cp932")
        self.assertEqual(file["mapping"]["kind"], "sales")
        targets = {c["heading"]: c["target"] for c in file["mapping"]["columns"]}
        self.assertEqual(targets["売上日"], "date")
        self.assertEqual(targets["金額"], "amount")
        self.assertEqual(file["columns"][0]["values"], ["1001", "1002", "1003"])
        labels = {one["target"]: one["label"] for one in file["targets"]["sales"]}
        self.assertEqual(labels["slip"], "Slip No.")

    def test_every_target_of_reading_has_a_label(self):
        shown = self.imports._targets()
        for kind, targets in TARGETS.items():
            wanted = (set(targets) | set(HELPERS[kind])) - OUT_ONLY[kind]
            missing = {one for one in wanted - set(shown[kind]) if not one.startswith("user_")}
            self.assertFalse(missing, kind)

    def test_every_reason_of_reading_is_a_sentence(self):
        reasons = self.env["kokyaku.import.reject"]._reasons()
        self.assertFalse(LEFT_OUT - set(reasons))

    def test_another_kind_proposes_its_own_columns(self):
        file = self._file().look(kind="customers")
        targets = {c["heading"]: c["target"] for c in file["mapping"]["columns"]}
        self.assertEqual((targets["顧客コード"], targets["氏名"]), ("ref", "name"))

    def test_the_first_rows_are_shown_as_they_will_be_stored(self):
        preview = self._preview(self._file())
        labels = [one["label"] for one in preview["columns"]]
        self.assertIn("Purchase Day", labels)
        rows = {row["row"]: row for row in preview["rows"]}
        self.assertEqual(rows[2]["cells"]["date"], "2026/05/01")
        self.assertEqual(rows[2]["cells"]["amount"], "2,000")
        self.assertEqual(rows[2]["state"], "ok")
        self.assertEqual(rows[4]["state"], "rejected")
        self.assertIn("2026/2/30", rows[4]["reason"])
        self.assertIn("date", rows[4]["problems"])

    def test_what_is_doubtful_is_shown_and_stored(self):
        text = "顧客コード,氏名,郵便番号,住所\nK-1,田中 一郎,100-001,東京都千代田区1-1\n"
        preview = self._preview(self._file(text, "顧客.csv"))
        [row] = preview["rows"]
        self.assertEqual(row["state"], "warning")
        self.assertIn("zip", row["problems"])

    def test_what_is_wrong_with_a_part_is_shown_at_the_whole(self):
        text = (
            "顧客コード,姓,名,郵便番号1,郵便番号2,メールアドレス\n"
            "K-1,田中,一郎,100,9999,tanaka@@example\n"
        )
        [row] = self._preview(self._file(text, "顧客.csv"))["rows"]
        self.assertEqual(set(row["problems"]), {"zip", "email"})
        self.assertIn("郵便番号1: There is no such postal code.", row["reason"].split("\n"))

    def test_who_may_not_enter_products_is_told_before_the_import_begins(self):
        text = "商品コード,商品名,標準価格\nT-1,煎茶,1000\n"
        import_ = self._file(text, "商品.csv")
        [lacking] = self._preview(import_)["lacking"]
        self.assertIn("may not enter products", lacking)
        with self.assertRaisesRegex(UserError, "may not enter products"):
            self._set_up(import_)
        self.clerk.group_ids += self.env.ref("product.group_product_manager")
        self.assertFalse(self._preview(import_)["lacking"])

    def test_the_total_under_a_list_is_no_customer(self):
        for number in ("顧客番号", "会員番号"):
            text = f"{number},氏名,電話\n1,田中 一郎,03-1111-2222\n合計,4名,\n,合計,\n"
            states = [row["state"] for row in self._preview(self._file(text, "一覧.csv"))["rows"]]
            self.assertEqual(states, ["ok", "left_out", "left_out"], number)

    def test_amounts_are_not_called_without_tax_before_somebody_has_said_so(self):
        import_ = self._file()
        file = import_.look()
        for said, label in ((None, "Amount of the Line"), (False, "Amount without Tax")):
            mapping = {**file["mapping"], "options": {"tax_included": said}}
            columns = import_.preview(file["layout"], mapping)["columns"]
            labels = {column["target"]: column["label"] for column in columns}
            self.assertEqual(labels["amount"], label)

    def test_prices_of_a_product_master_are_known_by_their_usual_headings(self):
        for heading in ("標準売価", "標準単価", "売価", "希望小売価格", "本体価格"):
            text = f"商品コード,商品名,{heading}\nT-1,煎茶,1000\n"
            mapping = self._file(text, "商品.csv").look()["mapping"]
            self.assertEqual(mapping["columns"][2]["target"], "unit_price", heading)

    def test_a_column_that_is_needed_is_asked_for(self):
        import_ = self._file()
        file = import_.look()
        for column in file["mapping"]["columns"]:
            if column["target"] == "date":
                column["target"] = ""
        preview = import_.preview(file["layout"], file["mapping"])
        self.assertIn("Purchase Day", preview["lacking"][0])
        with self.assertRaisesRegex(UserError, "Purchase Day"):
            import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "レジ"})

    def test_where_it_comes_from_must_be_said(self):
        import_ = self._file()
        with self.assertRaisesRegex(UserError, "where the file comes from"):
            self._set_up(import_, source=" ")

    # ---- next month ----------------------------------------------------------------------

    def test_next_month_the_same_settings_are_proposed(self):
        import_ = self._file()
        file = import_.look()
        file["mapping"]["options"]["tax_included"] = True
        file["mapping"]["columns"][3]["target"] = ""
        setup = {"layout": file["layout"], "mapping": file["mapping"], "source": "レジ"}
        import_.begin({**setup, "remember": True})
        again = self._file(SALES.replace("2026/05", "2026/06"), "六月.csv").look()
        self.assertEqual(again["profile"]["name"], "レジ")
        self.assertEqual(again["source"], "レジ")
        self.assertEqual(again["mapping"], file["mapping"])
        afresh = self._file(SALES.replace("2026/05", "2026/06"), "六月.csv").look(afresh=True)
        self.assertFalse(afresh["profile"])
        self.assertEqual(afresh["mapping"]["columns"][3]["target"], "name")

    def test_the_profile_is_kept_once_and_for_its_company(self):
        for name in ("五月.csv", "六月.csv"):
            import_ = self._file(name=name)
            self._set_up(import_, remember=True)
        profiles = self.env["kokyaku.import.profile"].search([("source", "=", "レジ")])
        self.assertEqual(len(profiles), 1)
        other = self.env["res.company"].create({"name": "別会社"})
        self.clerk.company_ids += other
        elsewhere = self.imports.with_context(allowed_company_ids=[other.id])
        import_ = elsewhere._receive(io.BytesIO(SALES.encode()), "売上.csv")
        self.assertFalse(import_.look()["profile"])

    def test_a_layout_that_was_corrected_is_known_next_month(self):
        text = "売上一覧,5月\n\nA,B,C\n2026/05/01,緑茶,1000\n2026/05/02,湯呑み,3000\n"
        import_ = self._file(text, "売上5月.csv")
        known = import_.look()["recognized_as"]
        file = import_.look(layout={"header_row": 3}, kind="sales")
        self.assertEqual([c["heading"] for c in file["mapping"]["columns"]], ["A", "B", "C"])
        targets = ("date", "product_name", "amount")
        for column, target in zip(file["mapping"]["columns"], targets, strict=True):
            column["target"] = target
        import_.begin(
            {"layout": file["layout"], "mapping": file["mapping"], "source": "帳簿",
             "remember": True, "recognized_as": known}
        )  # fmt: skip
        again = self._file(text.replace("/05/", "/06/").encode("utf-8"), "売上6月.csv")
        again = again.look()
        self.assertEqual(again["profile"]["name"], "帳簿")
        self.assertEqual(again["layout"]["header_row"], 3)
        self.assertEqual(again["layout"]["encoding"], "utf-8")
        self.assertEqual(again["mapping"], file["mapping"])

    def test_files_without_headings_are_known_by_their_name(self):
        text = "2026/05/01,緑茶,1000\n2026/05/02,湯呑み,3000\n"
        import_ = self._file(text, "日計202605.csv")
        self._set_up(import_, remember=True)
        self.assertTrue(self._file(text, "日計202606.csv").look()["profile"])
        self.assertFalse(self._file(text, "別物202606.csv").look()["profile"])

    # ---- rejected rows ---------------------------------------------------------------------

    def test_rejected_rows_come_back_mended_through_the_same_settings(self):
        import_ = self._file()
        self._set_up(import_, remember=True)
        self._work()
        name, content, _type = import_._rejects_file("csv")
        self.assertEqual(name, "Rejected Rows of 売上.csv")
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertEqual(table[0][:2], ["伝票番号", "売上日"])
        self.assertEqual(table[1][:2], ["1003", "2026/2/30"])
        self.assertEqual(table[1][7], "4")
        self.assertIn("no such day", table[1][8])
        mended = content.decode("utf-8-sig").replace("2026/2/30,K", "2026/2/28,K")
        mended = mended.replace(",千円", ",1000")
        again = self._file(mended, "直し.csv", "utf-8-sig")
        file = again.look()
        self.assertEqual(file["profile"]["name"], "レジ")
        self.assertTrue(file["columns"][8]["own"])
        self._set_up(again)
        self.stored.clear()
        self._work()
        self.assertEqual((again.new_count, again.rejected_count), (2, 0))

    def test_rejected_rows_as_a_workbook_hold_no_formula(self):
        import_ = self._file(SALES.replace("千円", "=1+1"))
        self._set_up(import_)
        self._work()
        with patch.object(workbook, "write", wraps=workbook.write) as write:
            _name, content, _type = import_._rejects_file("xlsx")
        self.assertTrue(content.startswith(b"PK"))
        self.assertEqual(write.call_args.args[1][:2], ["伝票番号", "売上日"])
        _name, content, _type = import_._rejects_file("csv")
        self.assertIn(",'=1+1,", content.decode("utf-8-sig"))

    def test_an_outsider_gets_no_rejected_rows(self):
        import_ = self._file()
        self._set_up(import_)
        self._work()
        with self.assertRaises(AccessError):
            import_.with_user(self.outsider)._rejects_file("csv")

    # ---- whatever comes --------------------------------------------------------------------

    def test_any_bytes_are_stored_or_come_back_or_are_told_to_be_unreadable(self):
        dice = random.Random(5)
        whole = SALES.encode("cp932") * 4
        for _turn in range(60):
            content = bytearray(whole[: dice.randrange(1, len(whole))])
            for _flip in range(dice.randrange(0, 12)):
                content[dice.randrange(len(content))] = dice.randrange(256)
            import_ = self._file(bytes(content), "壊.csv")
            file = import_.look()
            if file["problem"]:
                continue
            preview = import_.preview(file["layout"], file["mapping"])
            if preview["lacking"]:
                continue
            self.stored.clear()
            self._set_up(import_)
            self._work()
            self.assertEqual(import_.state, "done", import_.problem)
            answered = len(set(self.stored)) + import_.rejected_count + import_.left_out_count
            self.assertEqual(answered, import_.row_count, bytes(content))

    # ---- a profile chosen by hand ---------------------------------------------------------

    def test_a_profile_of_the_office_reads_a_file_whose_columns_moved(self):
        first = self._file()
        self._set_up(first, remember=True)
        profile = first.profile_id
        moved = self._file("備考,金額,売上日,伝票番号\nx,500,2026/05/09,9\n")
        shown = moved.look()
        self.assertFalse(shown["profile"])
        code = f"own:{profile.id}"
        self.assertIn(code, [one["code"] for one in shown["patterns"]])
        chosen = moved.look(pattern=code)
        self.assertEqual(
            [one["target"] for one in chosen["mapping"]["columns"]],
            ["", "amount", "date", "slip"],
        )
        self.assertEqual(chosen["source"], "レジ")
        self.assertEqual(chosen["fit"], [3, 7])

    def test_every_ready_profile_can_be_chosen_for_any_file(self):
        import_ = self._file()
        for one in import_._patterns():
            shown = import_.look(pattern=one["code"])
            self.assertFalse(shown["problem"], one)
            self.assertTrue(one["name"])
            preview = import_.preview(shown["layout"], shown["mapping"])
            self.assertTrue(preview["rows"] or preview["lacking"], one)

    def test_the_profile_of_another_company_cannot_be_chosen(self):
        company = self.env["res.company"].create({"name": "他社"})
        profile = self.env["kokyaku.import.profile"].create(
            {"name": "他社", "kind": "sales", "source": "他社", "company_id": company.id}
        )
        import_ = self._file()
        self.assertNotIn(f"own:{profile.id}", [one["code"] for one in import_._patterns()])
        with self.assertRaisesRegex(UserError, "not there any more"):
            import_.look(pattern=f"own:{profile.id}")
