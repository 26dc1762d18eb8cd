import { expect } from "@odoo/hoot";
import { Deferred } from "@web/core/utils/concurrency";
import { LinkModel } from "@kokyaku_crm/sales_link/link_model";

// A list of buyers whose server answers when the test says so.

const AFTER = { link: "linked", new: "new", refuse: "refused", reopen: "open" };
export const tanaka = { partner_id: 71, name: "田中 一郎" };
export const sato = { partner_id: 72, name: "佐藤 花子" };

export function buyer(id, words = {}) {
    const candidates = words.candidates || [tanaka];
    const open = { state: "open", skipped: false, partner: null };
    return { id, text: `buyer ${id}`, ...open, ...words, candidates };
}
export const buyers = (...ids) => ids.map((id) => buyer(id));

/** Let what has been answered arrive. */
export async function arrived() {
    for (let turn = 0; turn < 20; turn++) {
        await Promise.resolve();
    }
}

/**
 * The list with these buyers before somebody who decides. What is asked of the server stands in
 * `asked`, the earliest first, until the test answers it.
 */
export async function opened(items, { canDecide = true, isAll = true, ...kind } = {}) {
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

export const said = ({ words }) => words.slice(0, 3); // who, how, to whom
export const listed = (model) => model.buyers.map(({ id }) => id);
export const done = (id, words = {}) => ({
    log_id: id * 10,
    name: "",
    item: buyer(id, { state: "linked", partner: tanaka, ...words }),
});
