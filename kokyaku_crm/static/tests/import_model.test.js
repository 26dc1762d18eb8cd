import { describe, expect, test } from "@odoo/hoot";
import { Deferred } from "@web/core/utils/concurrency";
import { ImportModel } from "@kokyaku_crm/data_in/import_model";

describe.current.tags("headless");

/** What the server says of a file with these columns; `words` go before what is usual. */
function told(headings, { kind = "sales", target = "", widths, ...words } = {}) {
    const columns = headings.map((heading, position) => ({
        position,
        heading,
        target,
        options: {},
    }));
    return {
        layout: { format: widths ? "fixed" : "csv", header_row: 1, widths },
        mapping: { kind, columns, options: { tax_included: false }, profile: "" },
        columns: columns.map(({ position, heading }) => ({ position, heading, choices: [] })),
        problem: false,
        profile: false,
        pattern: "",
        source: "",
        ...words,
    };
}

/** A file that was looked at once, and the looks under way, to be answered by the test. */
async function opened(file) {
    const looks = [];
    const previews = [];
    const model = new ImportModel((method, ...words) => {
        if (method === "preview") {
            previews.push(words[1]);
            return Promise.resolve({ columns: [], rows: [], lacking: [] });
        }
        const answer = new Deferred();
        looks.push({ layout: words[0], answer });
        return answer;
    }, () => {});
    const look = model.look();
    looks.pop().answer.resolve(file);
    await look;
    return { model, looks, previews };
}

function targets(model) {
    return model.mapping.columns.map(({ target }) => target);
}

test("a column chosen while the file is being looked at again stays chosen", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    const look = model.setLayout("header_row", 2);
    model.setColumn(1, { target: "shop" });
    looks.pop().answer.resolve(told(["月", "品名"], { target: "date" }));
    await look;
    expect(targets(model)).toEqual(["date", "shop"]);
    expect(model.mapping.columns.map(({ heading }) => heading)).toEqual(["月", "品名"]);
});

test("a column chosen before is still chosen after the third look", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    model.setColumn(1, { target: "shop", options: { rule: "fill" } });
    for (const row of [2, 3]) {
        const look = model.setLayout("header_row", row);
        looks.pop().answer.resolve(told(["日", "品"]));
        await look;
    }
    expect(targets(model)).toEqual(["", "shop"]);
    expect(model.mapping.columns[1].options).toEqual({ rule: "fill" });
});

test("what is said of the amounts while the file is being looked at again stays said", async () => {
    const { model, looks } = await opened(told(["金額"]));
    expect(model.isTaxOpen).toBe(true);
    const look = model.setLayout("encoding", "cp932");
    model.setOption("tax_included", true);
    looks.pop().answer.resolve(told(["金額"]));
    await look;
    expect(model.options.tax_included).toBe(true);
    expect(model.isTaxOpen).toBe(false);
});

test("of two looks under way the last one counts, with both corrections", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    model.setLayout("header_row", 2);
    model.setColumn(0, { target: "date" });
    const last = model.setLayout("encoding", "cp932");
    model.setColumn(1, { target: "shop" });
    expect(looks[1].layout.header_row).toBe(2);
    looks[1].answer.resolve(told(["last", "last"]));
    looks[0].answer.resolve(told(["first", "first"]));
    await last;
    expect(model.mapping.columns[0].heading).toBe("last");
    expect(targets(model)).toEqual(["date", "shop"]);
});

test("a file with other columns is read anew", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    model.setColumn(1, { target: "shop" });
    const look = model.setLayout("separator", ";");
    looks.pop().answer.resolve(told(["日;品"]));
    await look;
    expect(targets(model)).toEqual([""]);
});

test("amounts are not shown as without tax before somebody has said so", async () => {
    const { model, previews } = await opened(told(["日", "額"]));
    expect("tax_included" in previews.at(-1).options).toBe(false);
    model.setOption("tax_included", false);
    await model.showFirstRows();
    expect(previews.at(-1).options.tax_included).toBe(false);
    expect(model.setup.mapping.options.tax_included).toBe(false);
});

test("a file of another kind asks again for the tax, and does not keep its columns", async () => {
    const { model, looks } = await opened(told(["日", "金額"]));
    model.setOption("tax_included", true);
    model.setColumn(1, { target: "amount" });
    for (const kind of ["customers", "sales"]) {
        const look = model.setLayout("header_row", 2);
        looks.pop().answer.resolve(told(["日", "金額"], { kind }));
        await look;
    }
    expect(model.isTaxOpen).toBe(true);
    expect(targets(model)).toEqual(["", ""]);
});

test("what is proposed anew forgets what was said before, not what is said since", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    model.setColumn(0, { target: "date" });
    const look = model.startAfresh();
    model.setColumn(1, { target: "shop" });
    looks.pop().answer.resolve(told(["日", "品"]));
    await look;
    expect(targets(model)).toEqual(["", "shop"]);
});

test("columns of fixed width keep what they are where a boundary comes in between", async () => {
    const { model, looks } = await opened(told(["a", "b"], { widths: [4, 8] }));
    model.setColumn(1, { target: "date" });
    const look = model.setWidths([2, 2, 8]);
    expect(looks[0].layout.widths).toEqual([2, 2, 8]);
    looks.pop().answer.resolve(told(["a", "", "b"], { widths: [2, 2, 8] }));
    await look;
    expect(targets(model)).toEqual(["", "", "date"]);
    // It is still what somebody said: another look at the layout does not take it away.
    const again = model.setLayout("encoding", "utf-8");
    looks.pop().answer.resolve(told(["a", "", "b"], { widths: [2, 2, 8] }));
    await again;
    expect(targets(model)).toEqual(["", "", "date"]);
});

test("an unreadable file can be read otherwise, and nothing was lost", async () => {
    const { model, looks } = await opened(told(["日", "品"]));
    model.setColumn(1, { target: "shop" });
    const look = model.setLayout("header_row", 99);
    looks.pop().answer.resolve({ problem: "no rows", layout: { header_row: 99 } });
    await look;
    expect(Boolean(model.canStart)).toBe(false);
    const mended = model.setLayout("header_row", 1);
    looks.pop().answer.resolve(told(["日", "品"]));
    await mended;
    expect(targets(model)).toEqual(["", "shop"]);
});
