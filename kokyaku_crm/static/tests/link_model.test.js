import { describe, expect, test } from "@odoo/hoot";
import { Deferred } from "@web/core/utils/concurrency";
import { LinkModel } from "@kokyaku_crm/sales_link/link_model";

describe.current.tags("headless");

const AFTER = { link: "linked", new: "new", refuse: "refused", reopen: "open" };
const tanaka = { partner_id: 71, name: "田中 一郎" };
const sato = { partner_id: 72, name: "佐藤 花子" };

function buyer(id, words = {}) {
    const candidates = words.candidates || [tanaka];
    const open = { state: "open", skipped: false, partner: null };
    return { id, text: `buyer ${id}`, ...open, ...words, candidates };
}
const buyers = (...ids) => ids.map((id) => buyer(id));

/** Let what has been answered arrive. */
async function arrived() {
    for (let turn = 0; turn < 20; turn++) {
        await Promise.resolve();
    }
}

/**
 * The list with these buyers before somebody who decides. What is asked of the server stands in
 * `asked`, the earliest first, until the test answers it.
 */
async function opened(items, { canDecide = true, isAll = true, ...kind } = {}) {
    const asked = [];
    const refused = [];
    const counts = { open: items.length, skipped: 0, auto: 0, linked: 0, new: 0, refused: 0 };
    const model = new LinkModel(
        (method, ...words) => {
            const answer = new Deferred();
            asked.push({ method, words, answer });
            return answer;
        },
        {
            after: AFTER,
            onRefused: (item, error) => refused.push(`${item.id}: ${error.message}`),
            ...kind,
        }
    );
    /** Answer what was asked first of a method. */
    const answer = async (method, value) => {
        const at = asked.findIndex((one) => one.method === method);
        expect(at).not.toBe(-1, { message: `${method} was asked` });
        const [{ answer: promise }] = asked.splice(at, 1);
        value instanceof Error ? promise.reject(value) : promise.resolve(value);
        await arrived();
    };
    const open = model.open();
    await arrived();
    await answer("link_screen", { can_decide: canDecide, counts, sources: [], run_id: null });
    await answer("link_buyers", items);
    await open;
    model.isAll = isAll; // else the next ones are asked for at once
    return { model, asked, refused, answer };
}

const said = ({ words }) => words.slice(0, 3); // who, how, to whom
const listed = (model) => model.buyers.map(({ id }) => id);
const done = (id, words = {}) => ({
    log_id: id * 10,
    name: "",
    item: buyer(id, { state: "linked", partner: tanaka, ...words }),
});

// ---- Deciding on a slow server -----------------------------------------------------------

test("two quick Enter presses decide two buyers, written one after the other", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2, 3));
    model.decide("link", model.likeliest);
    model.decide("link", model.likeliest);
    expect(listed(model)).toEqual([3]);
    await arrived();
    const decisions = () => asked.filter(({ method }) => method === "link_decide");
    expect(decisions().map(said)).toEqual([[[1], "link", 71]]);
    await answer("link_decide", done(1));
    expect(decisions().map(said)).toEqual([[[2], "link", 71]]);
    await answer("link_decide", done(2));
    expect(model.screen.counts.open).toBe(1);
    expect(model.screen.counts.linked).toBe(2);
    expect(model.isWriting).toBe(false);
});

test("a refusal that comes after the next key leaves the buyer somebody has before them", async () => {
    const { model, refused, answer } = await opened(buyers(1, 2, 3));
    model.decide("link", tanaka);
    model.decide("link", tanaka);
    await arrived();
    expect(model.buyer.id).toBe(3);
    await answer("link_decide", new Error("deleted meanwhile"));
    expect(refused).toEqual(["1: deleted meanwhile"]);
    expect(listed(model)).toEqual([1, 3]);
    expect(model.buyer.id).toBe(3);
    expect(model.screen.counts.linked).toBe(1);
    await answer("link_decide", done(2));
    expect(model.decided.map(({ item }) => item.id)).toEqual([2]);
});

test("a refusal of the last buyer brings the buyer back", async () => {
    const { model, answer } = await opened(buyers(1));
    model.decide("refuse");
    await arrived();
    expect(model.buyer).toBe(undefined);
    await answer("link_decide", new Error("no"));
    expect(model.buyer.id).toBe(1);
    expect(model.decided).toEqual([]);
});

test("a refused decision does not come back to another list", async () => {
    const { model, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    await arrived();
    model.show("linked");
    await answer("link_decide", new Error("no"));
    await answer("link_buyers", [buyer(9, { state: "linked", partner: sato })]);
    expect(listed(model)).toEqual([9]);
    expect(model.screen.counts.open).toBe(2);
});

test("what a colleague has decided meanwhile goes where it belongs by that", async () => {
    const { model, asked, refused, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    await arrived();
    expect(asked[0].words[3]).toEqual({ state: "open", partner_id: null });
    const item = buyer(1, { state: "refused" });
    await answer("link_decide", { refused: "decided meanwhile", item });
    expect(refused).toEqual(["1: decided meanwhile"]);
    expect(listed(model)).toEqual([2]);
    expect(model.screen.counts).toMatchObject({ open: 1, linked: 0, refused: 1 });
});

test("who may not decide decides nothing, and puts nobody off", async () => {
    const { model, asked } = await opened(buyers(1), { canDecide: false });
    model.decide("link", tanaka);
    model.putOff();
    model.takeOff();
    await arrived();
    expect(asked.map(({ method }) => method)).toEqual([]);
    expect(listed(model)).toEqual([1]);
    expect(model.screen.counts.skipped).toBe(0);
});

test("whom they are linked to is taken by Enter, and not offered a second time", async () => {
    const linked = buyer(1, { state: "auto", partner: sato, candidates: [sato, tanaka] });
    const { model } = await opened([linked]);
    expect(model.likeliest.partner_id).toBe(72);
    expect(model.candidates.map(({ partner_id }) => partner_id)).toEqual([71]);
});

test("where a link is to be taken off first, nothing else is decided before", async () => {
    const linked = buyer(1, { state: "linked", partner: sato, candidates: [tanaka] });
    const { model, asked } = await opened([linked], { isTakenOffFirst: true });
    model.decide("link", tanaka);
    model.decide("refuse");
    await arrived();
    expect(asked).toEqual([]);
    model.takeOff();
    await arrived();
    expect(asked.map(said)).toEqual([[[1], "reopen", null]]);
});

test("what holds already is not written once more", async () => {
    const { model, asked, answer } = await opened([]);
    model.show("linked");
    await arrived();
    await answer("link_buyers", [buyer(1, { state: "linked", partner: tanaka })]);
    model.decide("link", tanaka);
    model.decide("link", sato);
    model.decide("link", sato);
    await arrived();
    const decisions = asked.filter(({ method }) => method === "link_decide");
    expect(decisions.map(said)).toEqual([[[1], "link", 72]]);
});

// ---- Taking back -------------------------------------------------------------------------

test("a decision is taken back once it is written, and its buyer is chosen", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    model.undo();
    await arrived();
    expect(asked.some(({ method }) => method === "link_undo")).toBe(false);
    await answer("link_decide", done(1));
    expect(asked.find(({ method }) => method === "link_undo").words).toEqual([[1], 10]);
    await answer("link_undo", buyer(1));
    expect(listed(model)).toEqual([1, 2]);
    expect(model.buyer.id).toBe(1);
    expect(model.screen.counts).toMatchObject({ open: 2, linked: 0 });
    expect(model.decided).toEqual([]);
});

test("who has moved on keeps their place when a decision is taken back late", async () => {
    const { model, answer } = await opened(buyers(1, 2, 3));
    model.decide("link", tanaka);
    await arrived();
    await answer("link_decide", done(1));
    model.undo();
    await arrived();
    model.move(1);
    await answer("link_undo", buyer(1));
    expect(listed(model)).toEqual([2, 1, 3]);
    expect(model.buyer.id).toBe(3);
});

test("pressing U twice takes the last two decisions back", async () => {
    const { model, refused, answer } = await opened(buyers(1, 2, 3));
    for (const id of [1, 2]) {
        model.decide("link", tanaka);
        await arrived();
        await answer("link_decide", done(id));
    }
    model.undo();
    model.undo();
    await arrived();
    await answer("link_undo", buyer(2));
    await answer("link_undo", buyer(1));
    expect(refused).toEqual([]);
    expect(listed(model)).toEqual([1, 2, 3]);
    expect(model.buyer.id).toBe(1);
    expect(model.decided).toEqual([]);
});

test("a decision that was refused is not taken back", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    model.undo();
    await arrived();
    await answer("link_decide", new Error("no"));
    expect(asked.some(({ method }) => method === "link_undo")).toBe(false);
    expect(listed(model)).toEqual([1, 2]);
    expect(model.screen.counts.open).toBe(2);
});

test("what cannot be taken back stays, with the reason", async () => {
    const { model, refused, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    await arrived();
    await answer("link_decide", done(1));
    model.undo();
    await arrived();
    await answer("link_undo", new Error("decided since"));
    expect(refused).toEqual(["1: decided since"]);
    expect(model.decided.map(({ isLeaving }) => isLeaving)).toEqual([false]);
    expect(listed(model)).toEqual([2]);
});

test("on another list a decision taken back does not appear, even if the server told of it", async () => {
    const { model, answer } = await opened(buyers(1, 2));
    model.decide("link", tanaka);
    await arrived();
    await answer("link_decide", done(1));
    model.show("linked");
    await arrived();
    model.undo();
    await arrived();
    await answer("link_undo", buyer(1));
    await answer("link_buyers", [buyer(1, { state: "linked", partner: tanaka })]);
    expect(listed(model)).toEqual([]);
});

test("U takes back that somebody was put off", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2));
    model.putOff();
    expect(model.screen.counts).toMatchObject({ open: 1, skipped: 1 });
    await arrived();
    await answer("put_off");
    model.undo();
    await arrived();
    expect(asked.find(({ method }) => method === "put_off").words).toEqual([[1], false]);
    await answer("put_off");
    expect(model.buyer.id).toBe(1);
    expect(model.buyer.skipped).toBe(false);
    expect(model.screen.counts).toMatchObject({ open: 2, skipped: 0 });
});

// ---- Paging and other lists --------------------------------------------------------------

test("the next buyers are fetched once before the last one is reached", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    const { model, asked, answer } = await opened(buyers(...ids), { isAll: false });
    for (let decided = 0; decided < 26; decided++) {
        model.decide("link", tanaka);
    }
    const fetches = () => asked.filter(({ method }) => method === "link_buyers");
    await arrived();
    expect(fetches().length).toBe(1);
    const [, , , known] = fetches()[0].words;
    expect([...known].sort((a, b) => a - b)).toEqual(ids);
    model.decide("link", tanaka);
    await answer("link_buyers", buyers(41, 42, 27)); // another window, too slow to know of 27
    expect(listed(model)).toEqual([...ids.slice(27), 41, 42]);
});

test("after an answer that did not come the next buyers are asked for again", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2), { isAll: false });
    const fetch = model.move(1);
    await arrived();
    const failed = fetch.catch((error) => error.message);
    await answer("link_buyers", new Error("no connection"));
    expect(await failed).toBe("no connection");
    expect(model.loading).toBe(false);
    model.move(-1);
    await arrived();
    expect(asked.map(({ method }) => method)).toEqual(["link_buyers"]);
});

test("buyers of the list that was left do not come to the next one", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2), { isAll: false });
    model.decide("link", tanaka); // slow: what follows waits for it
    await arrived();
    const [late] = asked.filter(({ method }) => method === "link_buyers");
    model.show("refused");
    late.answer.resolve(buyers(3, 4));
    asked.splice(asked.indexOf(late), 1);
    await arrived();
    expect(listed(model)).toEqual([]);
    expect(model.loading).toBe(true); // nobody is told that nobody is here
    await answer("link_decide", done(1));
    await answer("link_buyers", [buyer(9, { state: "refused" })]);
    expect(listed(model)).toEqual([9]);
});

test("an answer of an older search after a newer one does not count", async () => {
    const { model, asked } = await opened(buyers(1));
    model.text = "田";
    model.reload();
    await arrived();
    model.text = "田中";
    model.reload();
    await arrived();
    const [older, newer] = asked.filter(({ method }) => method === "link_buyers");
    expect(newer.words[2]).toBe("田中");
    newer.answer.resolve(buyers(5));
    await arrived();
    older.answer.resolve(buyers(6));
    await arrived();
    expect(listed(model)).toEqual([5]);
});

test("among those searched for a decided buyer stays, counted as what they became", async () => {
    const { model, answer } = await opened(buyers(1, 2));
    model.text = "buyer";
    model.reload();
    await arrived();
    await answer("link_buyers", buyers(1, 2));
    model.decide("link", tanaka);
    expect(model.buyer.id).toBe(2);
    model.move(-1);
    model.decide("refuse"); // before the first answer
    expect(model.screen.counts).toMatchObject({ open: 1, linked: 0, refused: 1 });
    await arrived();
    await answer("link_decide", done(1));
    await answer("link_decide", done(1, { state: "refused", partner: null }));
    expect(model.buyers[0].state).toBe("refused");
});

test("the list is read anew only when all is written", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2, 3));
    model.decide("link", tanaka);
    await arrived();
    model.renew();
    await arrived();
    expect(asked.some(({ method }) => method === "link_screen")).toBe(false);
    await answer("link_decide", done(1));
    const counts = { open: 2, skipped: 0, auto: 0, linked: 1, new: 0, refused: 0 };
    await answer("link_screen", { can_decide: true, counts, sources: [], run_id: null });
    expect(asked.find(({ method }) => method === "link_buyers").words[3]).toEqual([]);
    expect(model.screen.counts).toMatchObject({ open: 2, linked: 1 });
});

test("who comes back finds the list as it was left", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2, 3));
    model.move(2);
    const open = model.open(model.place);
    await arrived();
    const counts = { open: 3 };
    await answer("link_screen", { can_decide: true, counts, sources: [], run_id: null });
    expect(asked[0].words.slice(0, 3)).toEqual(["open", "", ""]);
    await answer("link_buyers", buyers(1, 2, 3));
    await open;
    expect(model.buyer.id).toBe(3);
});

// ---- Looking for somebody ----------------------------------------------------------------

test("nobody is taken who was found for other words", async () => {
    const { model, asked, answer } = await opened(buyers(1, 2));
    model.looking = "田中";
    model.find();
    await arrived();
    await answer("link_find", [tanaka]);
    model.looking = "佐藤";
    expect(model.takeFound()).toBe(false); // Enter, before the server knows of the new word
    await arrived();
    expect(asked.map(({ method }) => method)).toEqual(["link_find"]);
    await answer("link_find", [sato]);
    expect(model.takeFound()).toBe(true);
    await arrived();
    const decision = asked.find(({ method }) => method === "link_decide");
    expect(said(decision)).toEqual([[1], "link", 72]);
});

test("people found for an earlier word do not replace those of a later one", async () => {
    const { model, asked } = await opened(buyers(1));
    model.looking = "佐";
    model.find();
    model.looking = "佐藤";
    model.find();
    const [older, newer] = asked;
    newer.answer.resolve([sato]);
    await arrived();
    older.answer.resolve([tanaka]);
    await arrived();
    expect(model.found).toEqual([sato]);
});

test("people found for a buyer are not offered for the next one", async () => {
    const { model, answer } = await opened(buyers(1, 2));
    model.looking = "佐藤";
    model.find();
    model.move(1);
    await arrived();
    await answer("link_find", [sato]);
    expect(model.found).toEqual([]);
    expect(model.looking).toBe("");
});
