import { markRaw } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { Reactive } from "@web/core/utils/reactive";

const FETCH_BELOW = 15; // buyers left on the screen
const LAST = 30; // decisions that stay on the screen, to be taken back

/**
 * A list of buyers to be decided one after the other, of which the next ones are fetched before
 * the last one is reached. The parts of the screen share one, each by `useState`.
 *
 * A decision leaves the list at once and is written behind it, one after the other; what is
 * refused comes back to the list. Whatever an answer brings, the buyer somebody has before them
 * stays the chosen one: the next key is meant for that one.
 */
export class LinkModel extends Reactive {
    /**
     * @param {(method: string, ...words: any[]) => Promise} call ask the list on the server
     * @param {Object} kind
     * @param {Object} kind.after in which state each decision leaves a buyer
     * @param {boolean} kind.isTakenOffFirst whether a link has to be taken off before another
     *   decision
     * @param {(item: Object, error: Error) => void} kind.onRefused called when a decision about
     *   a buyer was not written, or not taken back
     */
    constructor(call, { after, isTakenOffFirst, onRefused }) {
        super();
        this.call = call;
        this.after = after;
        this.isTakenOffFirst = isTakenOffFirst;
        this.onRefused = onRefused;
        this.loads = markRaw(new KeepLast());
        this.finds = markRaw(new KeepLast());
        this.writing = Promise.resolve(); // until all that was decided is written
        this.unwritten = 0; // decisions

        this.screen = null; // what `link_screen` told
        this.shown = "open"; // the state of the buyers that are listed
        this.source = "";
        this.text = ""; // typed, to look for a buyer
        this.searched = ""; // what the list was searched for
        this.buyers = [];
        this.at = 0; // the place of the buyer who is decided
        this.steps = 0; // taken through the list
        this.gone = new Set(); // ids that left the list; the server may not know it yet
        this.isAll = false; // the server has no more
        this.loading = false;

        this.looking = ""; // typed, to look for a person
        this.found = [];
        this.foundFor = ""; // what they were found for
        this.chosen = 0;

        this.decided = []; // the last ones first
        this.decisions = 0;
    }

    get buyer() {
        return this.buyers[this.at];
    }

    // ---- The list ----------------------------------------------------------------------

    /** What is to be seen again when somebody comes back to the screen. */
    get place() {
        const { shown, source, text, buyer } = this;
        return { shown, source, text, id: buyer?.id };
    }
    /** Show the list for the first time, or as it was left. */
    async open({ id, ...place } = {}) {
        Object.assign(this, place);
        await this.renew();
        this.at = Math.max(0, this.buyers.findIndex((one) => one.id === id));
    }

    /** Read the list anew, and how many there are of each state. */
    renew() {
        return this.reload(async () => {
            this.screen = await this.call("link_screen");
        });
    }

    /** Read the list anew, once what was decided is written; nobody is decided meanwhile. */
    reload(first) {
        Object.assign(this, { buyers: [], at: 0, isAll: false, searched: this.text.trim() });
        this.stopLooking();
        const written = this.writing.then(() => this.gone.clear());
        return this.load(written.then(first));
    }

    /** Fetch the next buyers. Of several lists under way the last one counts. */
    async load(before) {
        this.loading = true;
        try {
            const more = await this.loads.add(this.fetch(before));
            this.isAll = !more.length;
            const here = new Set(this.buyers.map(({ id }) => id));
            this.buyers.push(...more.filter(({ id }) => !here.has(id) && !this.gone.has(id)));
        } finally {
            this.loading = false;
        }
    }
    async fetch(before) {
        await before;
        const known = [...this.buyers.map(({ id }) => id), ...this.gone];
        return this.call("link_buyers", this.shown, this.source, this.searched, known);
    }
    fetchAhead() {
        const left = this.buyers.length - this.at;
        return left < FETCH_BELOW && !this.isAll && !this.loading ? this.load() : undefined;
    }

    show(shown) {
        Object.assign(this, { shown, text: "" });
        return this.reload();
    }
    setSource(source) {
        this.source = source;
        return this.reload();
    }

    /** Looking for a buyer: those found stand there whatever became of them, and stay. */
    get isSearching() {
        return Boolean(this.searched);
    }
    /** What the list calls the state of a buyer. */
    placeOf({ state, skipped }) {
        return state === "open" && skipped ? "skipped" : state;
    }

    go(at) {
        this.steps++;
        return this.choosePlace(at);
    }
    choosePlace(at) {
        this.at = Math.max(0, Math.min(this.buyers.length - 1, at));
        this.stopLooking();
        return this.fetchAhead();
    }
    move(step) {
        return this.go(this.at + step);
    }

    // ---- Deciding ----------------------------------------------------------------------

    get canDecide() {
        return this.screen.can_decide;
    }
    /** Whether it can be said who the chosen buyer is. */
    get canChoose() {
        const { buyer, isTakenOffFirst } = this;
        return Boolean(buyer) && this.canDecide && !(isTakenOffFirst && buyer.partner);
    }
    /** Whether a decision is possible, and not what holds already. */
    can(how) {
        const state = this.after[how];
        return Boolean(state) && this.canChoose && this.buyer.state !== state;
    }
    get canTakeOff() {
        return Boolean(this.buyer) && this.canDecide && this.buyer.state !== "open";
    }

    /**
     * @param {"link"|"new"|"refuse"|"reopen"} how
     * @param {{partner_id: number, name: string}} [person]
     */
    decide(how, person = null) {
        const item = this.buyer;
        const state = this.after[how];
        if (!state || !(how === "reopen" ? this.canTakeOff : this.canChoose)) {
            return;
        }
        const isSame = how === "new" || item.partner?.partner_id === person?.partner_id;
        if (item.state === state && isSame) {
            return; // that is what holds already
        }
        const entry = this.note(item, { how, name: person?.name || "", after: state });
        this.takeOut({ ...item, state, skipped: false, partner: how === "link" ? person : null });
        return this.write(entry, async () => {
            const known = { state: item.state, partner_id: item.partner?.partner_id || null };
            const words = [[item.id], how, person?.partner_id || null, known];
            const done = await this.call("link_decide", ...words);
            if (done.refused) {
                throw Object.assign(new Error(done.refused), { item: done.item });
            }
            entry.name = done.name || entry.name;
            entry.takeBack = () => this.call("link_undo", [item.id], done.log_id);
            return done.item;
        });
    }

    /** Who the chosen buyer may be, but for whom they are linked to already. */
    get candidates() {
        const { candidates = [], partner } = this.buyer || {};
        return candidates.filter((one) => one.partner_id !== partner?.partner_id);
    }
    /** Take the candidate with a number. */
    take(number) {
        return this.candidates[number - 1] && this.decide("link", this.candidates[number - 1]);
    }
    /** Whom Enter takes: whom they are linked to already, else the likeliest. */
    get likeliest() {
        return this.buyer?.partner || this.candidates[0];
    }

    takeOff() {
        return this.decide("reopen");
    }

    /** Put a buyer off for later; or, if that was done, not any more. */
    putOff() {
        const item = this.buyer;
        if (!item || !this.canDecide || item.state !== "open") {
            return;
        }
        const put = async (skipped) => {
            await this.call("put_off", [item.id], skipped);
            return { ...item, skipped };
        };
        const skipped = !item.skipped;
        const after = skipped ? "skipped" : "open";
        const entry = this.note(item, { how: skipped ? "later" : "now", name: "", after });
        this.takeOut({ ...item, skipped });
        return this.write(entry, async () => {
            const done = await put(skipped);
            entry.takeBack = () => put(!skipped);
            return done;
        });
    }

    note(item, words) {
        const key = ++this.decisions;
        this.decided.unshift({ key, item, takeBack: null, isLeaving: false, ...words });
        this.decided.splice(LAST);
        return this.decided[0];
    }
    forget({ key }) {
        this.decided = this.decided.filter((one) => one.key !== key);
    }

    /**
     * Write decisions one after the other. What is refused comes back to the list; what somebody
     * else has decided goes where it belongs by that.
     */
    write(entry, ask) {
        return this.inTurn(async () => {
            try {
                this.replace(await ask());
            } catch (error) {
                const { item } = error.item ? error : entry;
                this.forget(entry);
                this.count(entry.after, this.placeOf(item));
                this.settle(item);
                this.onRefused(entry.item, error);
            }
        });
    }
    inTurn(work) {
        this.unwritten++;
        this.writing = this.writing.then(work).finally(() => this.unwritten--);
        return this.writing;
    }
    get isWriting() {
        return this.unwritten > 0;
    }

    /** Take a decision back: the last one, or another one that stands on the screen. */
    undo(key) {
        const entry = this.decided.find((one) => (key ? one.key === key : !one.isLeaving));
        if (!entry || entry.isLeaving) {
            return;
        }
        entry.isLeaving = true;
        const { steps } = this;
        return this.inTurn(async () => {
            if (!entry.takeBack) {
                return; // it was refused
            }
            try {
                const item = await entry.takeBack();
                this.forget(entry);
                this.count(entry.after, this.placeOf(item));
                this.settle(item, this.steps === steps && !this.looking);
            } catch (error) {
                entry.isLeaving = false;
                this.onRefused(entry.item, error);
            }
        });
    }

    count(from, to) {
        this.screen.counts[from]--;
        this.screen.counts[to]++;
    }

    // ---- Where a buyer stands ----------------------------------------------------------

    /** The chosen buyer is decided: they leave the list unless it is theirs, too. */
    takeOut(item) {
        const place = this.placeOf(item);
        const before = this.placeOf(this.buyer);
        this.count(before, place);
        if (this.isSearching || place === before) {
            this.replace(item);
            this.go(this.isSearching ? this.at + 1 : this.at);
        } else {
            this.remove(item);
            this.go(this.at);
        }
    }

    /** Put a buyer where they belong, and choose them if wanted. */
    settle(item, isChosen = false) {
        const isListed = this.buyers.some(({ id }) => id === item.id);
        if (!this.isSearching && this.placeOf(item) !== this.shown) {
            this.remove(item);
            return;
        }
        this.gone.delete(item.id);
        if (isListed) {
            this.replace(item);
        } else if (!this.isSearching) {
            this.buyers.splice(this.at, 0, item);
            this.at = Math.min(this.at + 1, this.buyers.length - 1);
        }
        if (isChosen && (isListed || !this.isSearching)) {
            this.choosePlace(this.buyers.findIndex(({ id }) => id === item.id));
        }
    }

    replace(item) {
        const at = this.buyers.findIndex(({ id }) => id === item.id);
        if (at >= 0) {
            this.buyers[at] = item;
        }
    }
    remove({ id }) {
        this.gone.add(id);
        const at = this.buyers.findIndex((one) => one.id === id);
        if (at >= 0) {
            this.buyers.splice(at, 1);
            const chosen = at < this.at ? this.at - 1 : this.at;
            this.at = Math.max(0, Math.min(chosen, this.buyers.length - 1));
        }
    }

    // ---- Looking for a person ----------------------------------------------------------

    /** Find who is meant by what is typed; an answer for an earlier word does not count. */
    async find() {
        const text = this.looking.trim();
        const found = text ? await this.finds.add(this.call("link_find", text)) : [];
        if (text === this.looking.trim()) {
            Object.assign(this, { found, foundFor: text, chosen: 0 });
        }
    }
    /** Whether those found were found for what stands there now. */
    get isFound() {
        return this.foundFor === this.looking.trim();
    }
    choose(step) {
        this.chosen = Math.max(0, Math.min(this.found.length - 1, this.chosen + step));
    }
    /**
     * Decide for the chosen one of those found; nobody is taken who was found for other words.
     *
     * @returns {boolean} whether somebody was taken; else they are looked for
     */
    takeFound() {
        const person = this.isFound && this.found[this.chosen];
        if (person) {
            this.decide("link", person);
        } else if (!this.isFound) {
            this.find();
        }
        return Boolean(person);
    }
    stopLooking() {
        Object.assign(this, { looking: "", found: [], foundFor: "", chosen: 0 });
    }
}
