from odoo.tests import BaseCase

from ..atena import codes
from ..atena.sheet import LabelFormat

TWELVE = LabelFormat()


class TestSheet(BaseCase):
    """Where the labels of a sheet lie, in millimetres."""

    def test_the_twelve_labels_of_the_default_sheet(self):
        corners = [TWELVE.corner(position) for position in range(12)]
        expected = [
            (18.6 + 86.4 * column, 21.5 + 42.3 * row) for row in range(6) for column in range(2)
        ]
        for got, wanted in zip(corners, expected, strict=True):
            self.assertAlmostEqual(got[0], wanted[0], places=9)
            self.assertAlmostEqual(got[1], wanted[1], places=9)

    def test_the_last_row_is_where_the_first_says_and_not_a_sum_of_roundings(self):
        fmt = LabelFormat(columns=1, rows=65, label_height=4.1, pitch_y=4.3, left=0, top=3.3)
        self.assertEqual(fmt.corner(64)[1], 3.3 + 64 * 4.3)

    def test_thirteen_labels_from_position_five_take_two_sheets(self):
        self.assertEqual(TWELVE.sheets(13, start=5), 2)
        places = [TWELVE.place(index, start=5) for index in range(13)]
        self.assertEqual([place.sheet for place in places], [0] * 8 + [1] * 5)
        self.assertEqual([place.position for place in places], [*range(4, 12), *range(5)])

    def test_how_many_sheets(self):
        for count, start, sheets in (
            (0, 1, 0),
            (0, 12, 0),
            (1, 12, 1),
            (2, 12, 2),
            (12, 1, 1),
            (13, 1, 2),
            (8, 5, 1),
            (9, 5, 2),
        ):
            self.assertEqual(TWELVE.sheets(count, start), sheets, (count, start))

    def test_corrections_move_every_label(self):
        moved = LabelFormat(offset_x=-0.7, offset_y=1.2)
        for position in range(12):
            x, y = TWELVE.corner(position)
            self.assertAlmostEqual(moved.corner(position)[0], x - 0.7)
            self.assertAlmostEqual(moved.corner(position)[1], y + 1.2)

    def test_a_sheet_that_is_too_small_says_by_how_much(self):
        three = LabelFormat(columns=3)
        ((code, field, excess),) = three.problems()
        self.assertEqual((code, field), (codes.TOO_WIDE, "page_width"))
        self.assertAlmostEqual(excess, 18.6 + 3 * 86.4 - 210)
        self.assertEqual(LabelFormat(rows=7).problems()[0][:2], (codes.TOO_HIGH, "page_height"))

    def test_a_tenth_of_the_maker_is_forgiven_and_more_is_not(self):
        self.assertEqual(LabelFormat(page_width=191.36).problems(), [])
        self.assertTrue(LabelFormat(page_width=191.3).problems())

    def test_figures_that_cannot_be(self):
        for figures, expected in (
            ({"label_width": 0}, (codes.NOT_POSITIVE, "label_width")),
            ({"columns": 0}, (codes.NOT_POSITIVE, "columns")),
            ({"left": -1}, (codes.NEGATIVE, "left")),
            ({"pitch_x": 80}, (codes.OVERLAP_X, "pitch_x")),
            ({"pitch_y": 40}, (codes.OVERLAP_Y, "pitch_y")),
            ({"offset_x": 21}, (codes.OFFSET_TOO_LARGE, "offset_x")),
            ({"padding": 11}, (codes.PADDING_TOO_LARGE, "padding")),
        ):
            found = [problem[:2] for problem in LabelFormat(**figures).problems()]
            self.assertEqual(found, [expected], figures)

    def test_a_single_column_needs_no_pitch(self):
        self.assertEqual(LabelFormat(columns=1, pitch_x=0).problems(), [])
