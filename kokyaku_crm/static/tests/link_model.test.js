import { describe, expect, test } from "@odoo/hoot";
import { arrived, buyer, buyers, done, listed, opened, said, sato, tanaka } from "./link_helpers";

describe.current.tags("headless");

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
