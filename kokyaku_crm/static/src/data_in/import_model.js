import { markRaw } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { Reactive } from "@web/core/utils/reactive";
import { startsOf } from "./width_ruler";

/**
 * A file that is being set up: what the server says of it, what somebody has said of it, and its
 * first rows as they will be stored. The parts of the screen share one, each by `useState`.
 *
 * What somebody says stays said when the server looks at the file again, also when it is said
 * while the server looks. It is forgotten where it makes no sense any more: another kind of
 * file, another profile, a proposal asked for anew.
 */
export class ImportModel extends Reactive {
    /**
     * @param {(method: string, ...words: any[]) => Promise} call ask the import on the server
     * @param {() => void} onSaid called when the first rows may look different
     */
    constructor(call, onSaid) {
        super();
        this.call = call;
        this.onSaid = onSaid;
        this.looks = markRaw(new KeepLast());
        this.previews = markRaw(new KeepLast());

        this.file = null; // what `look` told
        this.layout = {};
        this.mapping = null;
        this.recognizedAs = false; // how such a file looks before its layout is corrected
        this.preview = null;
        this.problem = "";
        this.name = ""; // of the file
        this.canReread = false; // whether another character code may help

        this.asked = null; // the layout that is being looked at
        this.previewing = null; // the preview the server was asked for last
        this.busy = false;

        this.kind = null; // what somebody said is in it
        this.answers = {}; // what was said of the options
        this.touched = new Set(); // positions of the columns of which something was said
        this.source = "";
        this.sourceAsked = false; // somebody wanted to begin without it
        this.remember = true;
        this.details = true;
    }

    // ---- What the server is asked ------------------------------------------------------

    /**
     * Have the file looked at. Of several looks under way the last one counts.
     *
     * @param {Object} [words] as `look` of the server takes them, and
     * @param {Map} [words.known] how a column was read that begins at a byte
     */
    async look({ layout = null, kind = null, afresh = false, pattern = "", known = null } = {}) {
        this.busy = true;
        this.asked = layout;
        const former = this.mapping;
        try {
            const file = await this.looks.add(this.call("look", layout, kind, afresh, pattern));
            this.asked = null;
            this.problem = file.problem || "";
            this.name = file.name;
            this.canReread = file.can_reread || false;
            this.layout = file.layout;
            this.recognizedAs ||= file.recognized_as || false;
            if (!file.problem) {
                this.file = file;
                this.mapping = file.mapping;
                this.source = (!pattern && this.source) || file.source;
                this.details = !file.profile;
                if (former?.kind === file.mapping.kind) {
                    Object.assign(this.options, this.answers);
                    this.keepColumns(former.columns, known);
                } else {
                    this.forgetAnswers();
                }
                await this.showFirstRows();
            }
        } finally {
            this.busy = false;
        }
    }

    async showFirstRows() {
        const { tax_included, ...options } = this.mapping.options;
        const open = this.isTaxOpen; // nobody has said yet that amounts are without tax
        const mapping = open ? { ...this.mapping, options } : this.mapping;
        this.previewing = this.call("preview", this.layout, mapping);
        this.preview = await this.previews.add(this.previewing);
    }

    /** What the server is to keep and to begin with. */
    get setup() {
        const { layout, mapping, source, remember, recognizedAs } = this;
        return { layout, mapping, source, remember, recognized_as: recognizedAs };
    }
    get isSourceOpen() {
        return this.sourceAsked && !this.source.trim();
    }
    get canStart() {
        const { busy, problem, preview } = this;
        return !busy && !problem && preview && !preview.lacking.length && !this.isTaxOpen;
    }

    // ---- What is in the file, and by which profile it is read --------------------------

    setKind(kind) {
        this.forgetAnswers();
        this.kind = kind;
        return this.look({ layout: this.latestLayout, kind });
    }
    setPattern(pattern) {
        this.forgetAnswers();
        this.kind = null;
        const own = pattern.startsWith("own:"); // it says itself how its files are laid out
        const layout = own || !pattern ? null : this.latestLayout;
        return this.look({ layout, pattern, afresh: !pattern });
    }
    startAfresh() {
        this.forgetAnswers();
        this.kind = null;
        return this.look({ afresh: true });
    }
    forgetAnswers() {
        this.answers = {};
        this.touched.clear();
    }

    // ---- The layout --------------------------------------------------------------------

    /** The layout as corrected last, whether the server has answered or not. */
    get latestLayout() {
        const { sheets, ...layout } = this.asked || this.layout;
        return layout;
    }
    /** What is in the file, if somebody said so; profiles do not come in between. */
    get asChosen() {
        return { kind: this.kind, afresh: true };
    }
    setLayout(key, value) {
        const { format, ...layout } = this.latestLayout;
        layout[key] = value;
        if (key === "separator") {
            delete layout.header_row;
            delete layout.widths;
            delete layout.names;
            layout.format = value === "fixed" ? "fixed" : value === "\t" ? "tsv" : "csv";
            layout.separator = value === "fixed" ? "" : value;
        } else if (format === "fixed") {
            layout.format = format;
        }
        return this.look({ layout, pattern: this.file?.pattern || "", ...this.asChosen });
    }
    get isFixed() {
        return this.layout.format === "fixed";
    }
    /** Rule the columns of a text of fixed widths, in bytes. */
    setWidths(widths) {
        const layout = this.latestLayout;
        const former = this.file.layout.widths;
        const isMoved = widths.length === former.length; // none came, none went
        const known = this.columnsByStart(isMoved ? widths : former);
        if (!layout.header_row) {
            const names = this.namesOf(layout);
            const starts = [0, ...startsOf(widths)];
            const before = [0, ...startsOf(layout.widths)];
            const isSame = before.length === starts.length;
            layout.names = starts.map(
                (start, index) => names[isSame ? index : before.indexOf(start)] || ""
            );
            for (const [index, start] of starts.entries()) {
                const column = known.get(start);
                if (column && !column.target && layout.names[index] !== (column.heading || "")) {
                    known.delete(start); // named since the server answered: the name may tell
                }
            }
        }
        layout.widths = widths;
        return this.look({ layout, known, ...this.asChosen });
    }
    /** Say what a column of a text of fixed widths is called. */
    setName(position, name) {
        const layout = this.latestLayout;
        layout.names = [...this.namesOf(layout)];
        layout.names[position] = name.trim();
        const known = this.columnsByStart(layout.widths);
        if (!this.mapping.columns[position].target) {
            known.delete([0, ...startsOf(layout.widths)][position]); // its name may tell
        }
        return this.look({ layout, known, ...this.asChosen });
    }
    /** What columns are called, what was typed last included. */
    namesOf(layout) {
        return layout.names || this.mapping.columns.map(({ heading }) => heading);
    }
    /** What is known of the columns that there are, by the byte with which they begin. */
    columnsByStart(widths) {
        const { columns } = this.mapping;
        return new Map([0, ...startsOf(widths)].map((start, index) => [start, columns[index]]));
    }

    // ---- The columns -------------------------------------------------------------------

    /** Say what a column holds: `target`, "" for nothing, and how it is read: `options`. */
    setColumn(position, { target, options }) {
        const column = this.mapping.columns[position];
        column.target = target ?? column.target;
        column.options = options ?? column.options;
        this.touched.add(position);
        this.onSaid();
    }
    /** Whether a column holds one of these. */
    has(...targets) {
        return this.mapping.columns.some(({ target }) => targets.includes(target));
    }
    /**
     * After another look at the file, read columns as before: those of which something was said,
     * and those that begin where one is known to begin.
     */
    keepColumns(before, known) {
        const now = this.mapping.columns;
        const starts = known && [0, ...startsOf(this.layout.widths)];
        const isSame = before.length === now.length;
        const touched = new Set();
        for (const [position, column] of now.entries()) {
            const said = isSame && this.touched.has(position) && before[position];
            const former = said || known?.get(starts[position]);
            if (former) {
                const { target, options } = former;
                Object.assign(column, { target, options });
                if (this.touched.has(former.position)) {
                    touched.add(position);
                }
            }
        }
        this.touched = touched;
    }

    // ---- What else must be known -------------------------------------------------------

    get options() {
        return this.mapping.options;
    }
    setOption(key, value) {
        this.options[key] = value;
        this.answers[key] = value;
        this.onSaid();
    }
    /** Whether amounts contain the tax is asked, unless somebody, a profile or the file says so. */
    get isTaxAnswered() {
        const { file, mapping } = this;
        const amounts = ["amount", "unit_price", "order_total"];
        return (
            "tax_included" in this.answers ||
            Boolean(file.profile || mapping.profile) ||
            mapping.columns.some(
                ({ target, heading }) => amounts.includes(target) && /税込|税抜|税別/.test(heading)
            )
        );
    }
    get isTaxOpen() {
        return this.mapping.kind === "sales" && !this.isTaxAnswered;
    }
}
