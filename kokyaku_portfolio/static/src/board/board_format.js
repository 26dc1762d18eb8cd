/**
 * Numbers as they stand on the board. Plain functions, no services.
 */

/** Steps of large amounts: from `from` on (largest amount shown) amounts are divided by `scale`. */
const STEPS = {
    ja: [
        { from: 1e10, scale: 1e6, unit: "百万" },
        { from: 1e6, scale: 1e4, unit: "万" },
    ],
    other: [
        { from: 1e10, scale: 1e6, unit: "M" },
        { from: 1e6, scale: 1e3, unit: "K" },
    ],
};

const plain = (value, lang, digits = 0) =>
    new Intl.NumberFormat(lang, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    }).format(value);

/** Whole numbers, grouped. */
export function formatCount(value, lang) {
    return plain(value, lang);
}

/** A fraction of 1 as a percentage with one digit: 0.123 → "12.3%". */
export function formatShare(value, lang) {
    return `${plain(value * 100, lang, 1)}%`;
}

/** A difference of shares in percentage points: 0.002 → "0.2pt". */
export function formatPoints(value, lang) {
    return `${plain(value * 100, lang, 1)}pt`;
}

/**
 * Choose one way to write all amounts of a board, so that they can be compared by eye.
 *
 * @param {number[]} amounts all amounts that will be shown
 * @param {{name: string, symbol: string, position: string}} currency
 * @param {string} lang as the browser writes it ("ja-JP")
 * @returns {(value: number, exact?: boolean) => string} writes one amount; `exact` writes it to
 *      the last digit
 */
export function amountFormatter(amounts, currency, lang) {
    const japanese = lang.startsWith("ja");
    const largest = Math.max(0, ...amounts.map(Math.abs));
    const steps = STEPS[japanese ? "ja" : "other"];
    const step = steps.find(({ from }) => largest >= from) || { scale: 1, unit: "" };
    const yen = japanese && currency.name === "JPY";
    const digits = currency.name === "JPY" ? 0 : 2;

    return (value, exact = false) => {
        const { scale, unit } = exact ? { scale: 1, unit: "" } : step;
        let number = value / scale;
        const small = scale > 1 && number !== 0 && Math.abs(number) < 10;
        number = plain(Math.abs(number), lang, small ? 1 : exact ? digits : 0) + unit;
        const sign = value < 0 ? "−" : "";
        if (yen) {
            return `${sign}${number}円`;
        }
        return currency.position === "before"
            ? `${sign}${currency.symbol}${number}`
            : `${sign}${number} ${currency.symbol}`;
    };
}

/**
 * Say a change by sign and arrow, so that it is not told by colour alone.
 *
 * @param {number} change
 * @param {(value: number) => string} format writes the absolute value
 * @param {"up" | "down" | ""} good the direction that is good news; "" for neither
 * @returns {{arrow: string, text: string, tone: "good" | "bad" | "same"}}
 */
export function describeChange(change, format, good = "up") {
    if (!change) {
        return { arrow: "", text: `±${format(0)}`, tone: "same" };
    }
    const direction = change > 0 ? "up" : "down";
    return {
        arrow: change > 0 ? "▲" : "▼",
        text: (change > 0 ? "＋" : "−") + format(Math.abs(change)),
        tone: !good ? "same" : direction === good ? "good" : "bad",
    };
}

/**
 * Move labels apart that would overlap, keeping their order and as near as possible to where
 * they belong.
 *
 * @param {number[]} wanted positions, ascending
 * @param {number} gap the least distance between two
 * @param {number} first the least position
 * @param {number} last the greatest position
 * @returns {number[]}
 */
export function spread(wanted, gap, first, last) {
    const places = [];
    for (const [index, place] of wanted.entries()) {
        places.push(Math.max(place, index ? places[index - 1] + gap : first));
    }
    let limit = last;
    for (let index = places.length - 1; index >= 0; index--) {
        places[index] = Math.min(places[index], limit);
        limit = places[index] - gap;
    }
    return places;
}
