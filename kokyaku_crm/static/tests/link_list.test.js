import { describe, expect, test } from "@odoo/hoot";
import { arrived, buyer, buyers, done, listed, opened, said, sato, tanaka } from "./link_helpers";

describe.current.tags("headless");

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
