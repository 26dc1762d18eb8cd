import { describe, expect, test } from "@odoo/hoot";
import {
    amountFormatter,
    describeChange,
    formatCount,
    formatPoints,
    formatShare,
    spread,
} from "@kokyaku_portfolio/board/board_format";

describe.current.tags("headless");

const YEN = { name: "JPY", symbol: "¥", position: "before" };
const EURO = { name: "EUR", symbol: "€", position: "after" };

test("small amounts are written in yen, to the last one", () => {
    const amount = amountFormatter([0, 999_999], YEN, "ja-JP");
    expect(amount(999_999)).toBe("999,999円");
    expect(amount(0)).toBe("0円");
});

test("from a million on, all amounts of a board are in 万円", () => {
    const amount = amountFormatter([39_350_393, 1_261_997], YEN, "ja-JP");
    expect(amount(39_350_393)).toBe("3,935万円");
    expect(amount(1_261_997)).toBe("126万円");
    expect(amount(0)).toBe("0万円");
});

test("amounts below ten units keep a digit, so that a small change is not nothing", () => {
    const amount = amountFormatter([39_350_393], YEN, "ja-JP");
    expect(amount(3_000)).toBe("0.3万円");
    expect(amount(-47_000)).toBe("−4.7万円");
});

test("very large amounts are in 百万円", () => {
    const amount = amountFormatter([12_345_000_000], YEN, "ja-JP");
    expect(amount(12_345_000_000)).toBe("12,345百万円");
});

test("the exact amount can be asked for", () => {
    expect(amountFormatter([39_350_393], YEN, "ja-JP")(39_350_393, true)).toBe("39,350,393円");
    expect(amountFormatter([1], EURO, "en-US")(1234.5, true)).toBe("1,234.50 €");
});

test("other languages and currencies have their own way", () => {
    expect(amountFormatter([39_350_393], YEN, "en-US")(39_350_393)).toBe("¥39,350K");
    expect(amountFormatter([2_500_000], EURO, "en-US")(2_500_000)).toBe("2,500K €");
    expect(amountFormatter([2_500_000], EURO, "ja-JP")(2_500_000)).toBe("250万 €");
});

test("counts, shares and points", () => {
    expect(formatCount(12345, "ja-JP")).toBe("12,345");
    expect(formatShare(0.1234, "ja-JP")).toBe("12.3%");
    expect(formatPoints(0.002, "ja-JP")).toBe("0.2pt");
});

test("a change shows its sign and arrow, and whether it is good news", () => {
    const count = (value) => formatCount(value, "ja-JP");
    expect(describeChange(12, count)).toEqual({ arrow: "▲", text: "＋12", tone: "good" });
    expect(describeChange(-3, count)).toEqual({ arrow: "▼", text: "−3", tone: "bad" });
    expect(describeChange(0, count)).toEqual({ arrow: "", text: "±0", tone: "same" });
    expect(describeChange(5, count, "down").tone).toBe("bad");
    expect(describeChange(-5, count, "down").tone).toBe("good");
});

test("labels that would overlap are moved apart in order, inside the picture", () => {
    expect(spread([10, 50, 90], 15, 0, 100)).toEqual([10, 50, 90]);
    expect(spread([10, 12, 13], 15, 0, 100)).toEqual([10, 25, 40]);
    expect(spread([90, 95, 99], 15, 0, 100)).toEqual([70, 85, 100]);
    expect(spread([], 15, 0, 100)).toEqual([]);
});
