import io
import random

from PIL import Image

from odoo.tests import BaseCase

from odoo.addons.kokyaku_crm.paper import system_fonts

from ..atena import addressee, codes, fonts
from ..atena.horizontal import HorizontalLayout
from ..atena.paint import SheetPainter
from ..atena.picture import first_sheet
from ..atena.sheet import LabelFormat
from ..atena.testpage import test_page as draw_test_page
from .common import LATIN_FONT, fonts_of, page_count, texts_of

TWELVE = LabelFormat()
SMALL = LabelFormat(
    label_width=48.3,
    label_height=25.4,
    columns=4,
    rows=11,
    left=8.4,
    top=8.8,
    pitch_x=48.3,
    pitch_y=25.4,
    padding=2,
    address_size=7,
    name_size=10,
)
YAMADA = {
    "name": "山田 太郎",
    "postal": "1000013",
    "state": "東京都",
    "city": "千代田区",
    "street": "霞が関1-3-2",
    "building": "郵便プラザ503号室",
}
CROWDED = {
    "name": "総務部",
    "organisation": True,
    "company": "特定非営利活動法人全国障害者支援ネットワーク協議会連合会東北ブロック事務局",
    "postal": "980-8691",
    "state": "宮城県",
    "city": "仙台市青葉区",
    "street": "一番町三丁目7番23号",
    "building": "東北電力本店ビルディング別館グランドタワー仙台一番町サウスウイング 12階 1205号室",
}


class BlockCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = system_fonts.find()
        cls.gothic = fonts.face(found[0][0], found[0][2])
        cls.chain = fonts.FontChain([cls.gothic])

    def block(self, fmt=TWELVE, chain=None, **fields):
        layout = HorizontalLayout(fmt, chain or self.chain)
        return layout.block(addressee.make(1, **{**YAMADA, **fields}))

    def pdf(self, blocks, fmt=TWELVE, start=1, chain=None, **options):
        painter = SheetPainter(fmt, chain or self.chain, start=start, **options)
        for block in blocks:
            painter.add(block.runs)
        return painter.finish()


class TestBlock(BlockCase):
    """An address on a label."""

    def assert_inside(self, content, fmt, start=1, index=0):
        """Every text of the label number `index` lies inside its inner margin."""
        place = fmt.place(index, start)
        for text in texts_of(content):
            self.assertGreaterEqual(text.left, place.x + fmt.padding - 0.01, text)
            self.assertGreaterEqual(text.top, place.y + fmt.padding - 0.01, text)
            self.assertLessEqual(text.right, place.x + fmt.label_width - fmt.padding + 0.01, text)
            self.assertLessEqual(text.bottom, place.y + fmt.label_height - fmt.padding + 0.01, text)

    def test_an_ordinary_address_reads_from_top_to_bottom(self):
        texts = texts_of(self.pdf([self.block()]))
        self.assertEqual(
            [text.text for text in texts],
            ["〒100-0013", "東京都千代田区霞が関1-3-2", "郵便プラザ503号室", "山田 太郎", "様"],
        )
        bases = [text.base for text in texts]
        self.assertEqual(bases, sorted(bases))
        self.assertAlmostEqual(texts[0].left, 18.6 + 3.0, places=2)
        self.assertAlmostEqual(texts[0].size, 10 * 25.4 / 72, places=3)
        self.assertAlmostEqual(texts[3].size, 15 * 25.4 / 72, places=3)
        self.assertEqual(texts[3].base, texts[4].base)
        self.assertGreater(texts[4].left, texts[3].right)

    def test_position_stands_before_the_name_and_the_company_above(self):
        texts = texts_of(
            self.pdf([self.block(company="株式会社丸田商店", department="外商部", function="部長")])
        )
        self.assertEqual(
            [text.text for text in texts[3:]],
            ["株式会社丸田商店", "外商部\u3000部長", "山田 太郎", "様"],
        )

    def test_every_text_stays_inside_its_label_whatever_it_is(self):
        maker = random.Random(20261123)
        letters = "東京都千代田区霞関一二三四五株式会社アイウエオーあいうえおABCabc123-・ 　"

        def some(longest):
            return "".join(maker.choices(letters, k=maker.randint(0, longest)))

        for fmt in (TWELVE, SMALL):
            layout = HorizontalLayout(fmt, self.chain)
            printed = 0
            for index in range(150):
                fields = {
                    "name": "山" + some(40),
                    "postal": maker.choice(["1000013", "", "064"]),
                    "state": maker.choice(["東京都", "鹿児島県", ""]),
                    "city": "区" + some(12),
                    "street": some(40),
                    "building": some(40),
                    "company": some(40),
                    "department": some(25),
                    "function": some(15),
                    "organisation": maker.random() < 0.3,
                }
                block = layout.block(addressee.make(index, **fields))
                if codes.DOES_NOT_FIT in block.problems:
                    self.assertFalse(block.runs)
                    continue
                printed += 1
                content = self.pdf([block], fmt)
                self.assert_inside(content, fmt)
            self.assertGreater(printed, 50)

    def test_nothing_of_a_crowded_address_is_cut(self):
        block = self.block(**CROWDED)
        self.assertEqual(block.problems, [])
        content = self.pdf([block])
        self.assert_inside(content, TWELVE)
        together = "".join(text.text for text in texts_of(content)).replace(" ", "")
        for field in ("name", "company", "street", "building"):
            self.assertIn(CROWDED[field].replace(" ", ""), together)
        self.assertTrue(together.endswith("総務部御中"))

    def test_a_long_name_is_condensed_then_smaller_then_in_lines(self):
        def name_texts(name):
            return [text for text in texts_of(self.pdf([self.block(name=name)]))][3:-1]

        usual = 15 * 25.4 / 72
        (one,) = name_texts("株式会社北日本グローバルソリュー")
        self.assertAlmostEqual(one.size, usual, places=3)
        self.assertLess(one.right - one.left, 16 * usual - 1)
        (smaller,) = name_texts("株式会社北日本グローバルソリューションズ")
        self.assertLess(smaller.size, usual - 0.1)
        lines = name_texts("クリストファー・アレクサンダー・モンゴメリー・フィッツジェラルド")
        self.assertEqual(
            [line.text for line in lines],
            ["クリストファー・アレクサンダー・", "モンゴメリー・フィッツジェラルド"],
        )

    def test_what_is_too_much_for_a_label_is_said(self):
        self.assertIn(
            codes.SMALL_PRINT, self.block(SMALL, **{**CROWDED, "company": "あ" * 40}).problems
        )
        hopeless = self.block(SMALL, name="寿限無" * 60)
        self.assertIn(codes.DOES_NOT_FIT, hopeless.problems)
        self.assertEqual(hopeless.runs, [])

    def test_a_foreign_address_starts_with_the_name(self):
        block = self.block(
            name="John Smith",
            company="Example Inc.",
            foreign_lines=("1600 Pennsylvania Ave NW", "Washington DC 20500", "UNITED STATES"),
        )
        self.assertEqual(
            [text.text for text in texts_of(self.pdf([block]))],
            [
                "Example Inc.",
                "John Smith",
                "1600 Pennsylvania Ave NW",
                "Washington DC 20500",
                "UNITED STATES",
            ],
        )


class TestSheets(BlockCase):
    """Labels on sheets, as the printer gets them."""

    def test_thirteen_labels_from_position_five(self):
        blocks = [self.block(name=f"第{number}番") for number in range(13)]
        content = self.pdf(blocks, start=5)
        self.assertEqual(page_count(content), 2)
        names = [text for text in texts_of(content) if text.text.startswith("第")]
        self.assertEqual([text.page for text in names], [0] * 8 + [1] * 5)
        for index, text in enumerate(names):
            place = TWELVE.place(index, 5)
            first = names[0].base - TWELVE.place(0, 5).y
            self.assertAlmostEqual(text.base - place.y, first, places=2)
            self.assertTrue(place.x < text.left < place.x + 86.4)

    def test_only_the_used_fonts_are_in_the_file_and_all_are_embedded(self):
        content = self.pdf([self.block()])
        found = fonts_of(content)
        self.assertTrue(found)
        self.assertTrue(all(embedded for _name, embedded in found), found)
        self.assertIn("+", found[0][0])  # a subset
        self.assertLess(len(content), 100_000)
        self.assertIn(b"/PrintScaling /None", content)

    def test_outlines_only_when_asked_for(self):
        blocks = [self.block()] * 3
        self.assertGreater(
            len(self.pdf(blocks, outlines=True)), len(self.pdf(blocks, outlines=False))
        )

    def test_two_prints_at_once_do_not_disturb_each_other(self):
        first, second = SheetPainter(TWELVE, self.chain), SheetPainter(TWELVE, self.chain)
        first.add(self.block(name="佐藤 一").runs)
        second.add(self.block(name="鈴木 二").runs)
        first.add(self.block(name="高橋 三").runs)
        self.assertEqual([text.text for text in texts_of(second.finish())][3:], ["鈴木 二", "様"])
        self.assertIn("高橋 三", [text.text for text in texts_of(first.finish())])

    def test_the_test_page_measures_true(self):
        content = draw_test_page(TWELVE, self.chain, "A4 12面", ["100％で印刷"])
        texts = texts_of(content)
        self.assertEqual(
            [text.text for text in texts if text.text.isdigit() and text.size > 3],
            [str(number) for number in range(1, 13)],
        )
        self.assertIn("100％で印刷", [text.text for text in texts])
        number_twelve = next(text for text in texts if text.text == "12" and text.size > 3)
        x, y = TWELVE.corner(11)
        self.assertAlmostEqual(number_twelve.left, x + 1.5, places=2)
        self.assertAlmostEqual(number_twelve.base, y + 4.5, places=2)

    def test_the_picture_is_the_first_sheet(self):
        picture = Image.open(
            io.BytesIO(first_sheet([self.block().runs] * 20, TWELVE, self.chain, 3, 2.0))
        )
        self.assertEqual(picture.size, (420, 594))
        used = picture.getpixel((int((18.6 + 40) * 2), int((21.5 + 5) * 2)))
        free = picture.getpixel((int((18.6 + 80) * 2), int((21.5 + 42.3 + 40) * 2)))
        self.assertLess(used, free)
        ink = picture.crop((int(18.6 * 2), int((21.5 + 42.3) * 2), 206, 210)).getextrema()[0]
        self.assertLess(ink, 60)


class TestFonts(BlockCase):
    """Characters a font has, and those it has not."""

    def test_a_character_no_font_has_is_said_and_marked(self):
        block = self.block(name="吉田 𠮷男")
        self.assertEqual((block.missing, block.problems), ("𠮷", [codes.MISSING_GLYPH]))
        self.assertIn("吉田 〓男", [text.text for text in texts_of(self.pdf([block]))])

    def test_common_variants_are_in_the_font(self):
        self.assertEqual(self.block(name="髙﨑 渡邉惠子 齋藤").missing, "")

    def test_another_font_helps_out(self):
        helper = fonts.face(LATIN_FONT, japanese=False)
        self.assertIn("Ğ", helper.widths)
        self.assertNotIn("Ğ", self.gothic.widths)
        chain = fonts.FontChain([self.gothic, helper])
        block = self.block(chain=chain, name="ERDOĞAN")
        self.assertEqual(block.missing, "")
        content = self.pdf([block], chain=chain)
        self.assertIn("ERDOĞAN", [text.text for text in texts_of(content)])
        names = {name.split("+")[1] for name, embedded in fonts_of(content) if embedded}
        self.assertEqual(len(names), 2, names)

    def test_fonts_that_cannot_be_used_are_told_apart(self):
        with self.assertRaises(fonts.FontError) as caught:
            fonts.face(b"this is no font")
        self.assertEqual(caught.exception.code, "unreadable")
        with self.assertRaises(fonts.FontError) as caught:
            fonts.face("/nowhere/font.ttf")
        self.assertEqual(caught.exception.code, "unreadable")
        with self.assertRaises(fonts.FontError) as caught:
            fonts.face(LATIN_FONT)
        self.assertEqual(caught.exception.code, "not_japanese")

    def test_where_other_systems_keep_their_fonts(self):
        self.assertTrue(any("Fonts" in folder for folder in system_fonts.folders("win32")))
        self.assertIn("/Library/Fonts", system_fonts.folders("darwin"))
        self.assertTrue(any(folder.endswith("fonts") for folder in system_fonts.folders("linux")))
        self.assertEqual(system_fonts.find(["/nowhere"]), [])
