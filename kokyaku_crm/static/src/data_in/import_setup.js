import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { encodings, formatName, kinds, separators } from "./import_choices";
import { sizeInWords } from "./upload";
import { startsOf, WidthRuler } from "./width_ruler";

const PREVIEW_AFTER = 250; // milliseconds

/**
 * How a file is read: what is in it, which column is what, what else must be known; and the
 * first rows as they will be stored. A file whose like came in before needs one click.
 */
export class ImportSetup extends Component {
    static template = "kokyaku_crm.ImportSetup";
    static components = { WidthRuler };
    static props = { importId: Number, onLeave: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.sourceInput = useRef("source");
        this.previews = new KeepLast();
        this.looks = new KeepLast();
        this.asked = null; // the layout that is being looked at
        this.previewing = null; // the preview the server was asked for last
        this.touched = new Set(); // columns of which somebody said something; as `answers`
        this.kind = null; // what somebody said is in it
        this.answers = {}; // what was said of the options; it outlives a look at the layout
        this.state = useState({
            file: null, // what `look` said
            layout: {},
            mapping: null,
            source: "",
            recognizedAs: false, // how such a file looks before its layout is corrected
            sourceAsked: false, // somebody wanted to begin without it
            remember: true,
            details: true,
            taxAnswered: false, // whether amounts contain it is asked, unless the file says so
            preview: null,
            busy: false,
            problem: "",
            canReread: false, // whether another character code may help
        });
        this.refresh = useDebounced(() => this.previewNow(), PREVIEW_AFTER);
        onWillStart(() => this.look());
    }

    call(method, ...words) {
        return this.orm.call("kokyaku.import", method, [[this.props.importId], ...words]);
    }

    /** `known`: how a column was read that begins where one of the file does. */
    async look({ layout = null, kind = null, afresh = false, pattern = "", known = null } = {}) {
        this.state.busy = true;
        this.asked = layout;
        const { kind: former, columns = [] } = this.state.mapping || {};
        try {
            const file = await this.looks.add(this.call("look", layout, kind, afresh, pattern));
            this.asked = null;
            this.state.problem = file.problem || "";
            this.state.canReread = file.can_reread || false;
            this.state.layout = file.layout;
            this.state.recognizedAs ||= file.recognized_as || false;
            if (!file.problem) {
                Object.assign(this.state, {
                    file,
                    mapping: file.mapping,
                    source: (!pattern && this.state.source) || file.source,
                    details: !file.profile,
                });
                if (known && file.mapping.kind === former) {
                    this.keepColumns(known);
                }
                if (layout && file.mapping.kind === former) {
                    Object.assign(this.options, this.answers);
                    this.keepTouched(columns);
                } else {
                    this.forgetAnswers();
                }
                this.state.taxAnswered ||= Boolean(file.profile) || this.fileTellsTax;
                await this.previewNow();
            }
        } finally {
            this.state.busy = false;
        }
    }

    async previewNow() {
        const { layout, mapping } = this.state;
        this.previewing = this.call("preview", layout, mapping);
        this.state.preview = await this.previews.add(this.previewing);
    }

    // ---- What is known of the file -----------------------------------------------------

    get size() {
        return sizeInWords(this.state.file.size);
    }
    get beforeText() {
        const { when, user } = this.state.file.before;
        return _t(
            "This file was imported already (%(when)s, %(user)s). Importing it once more changes nothing where nothing has changed.",
            { when, user }
        );
    }
    get profileText() {
        const { name, when } = this.state.file.profile;
        return _t(
            "Files like this are known: %(name)s, used last %(when)s. One click brings it in.",
            { name, when }
        );
    }
    columnText(one) {
        return _t("Column %s", one.position + 1);
    }
    get kinds() {
        return kinds();
    }
    get encodings() {
        return encodings();
    }
    get separators() {
        return separators();
    }
    get formatName() {
        return formatName(this.state.layout.format);
    }
    get isText() {
        return ["csv", "tsv", "fixed"].includes(this.state.layout.format);
    }
    get isFixed() {
        return this.state.layout.format === "fixed";
    }
    get separator() {
        return this.isFixed ? "fixed" : this.state.layout.separator;
    }

    /** The layout as corrected last, whether the server has answered or not. */
    get latest() {
        const { sheets, ...layout } = this.asked || this.state.layout;
        return layout;
    }
    setLayout(key, value) {
        const { format, ...layout } = this.latest;
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
        const pattern = this.state.file?.pattern || "";
        return this.look({ layout, pattern, ...this.asChosen });
    }
    /** What is in the file, if somebody said so; profiles do not come in between. */
    get asChosen() {
        return { kind: this.kind, afresh: true };
    }
    setKind(kind) {
        this.forgetAnswers();
        this.kind = kind;
        return this.look({ layout: this.latest, kind });
    }

    // ---- Columns of fixed widths -------------------------------------------------------

    /** What is known of the columns that there are, by the byte with which they begin. */
    columnsByStart(widths) {
        const { columns } = this.state.mapping;
        return new Map([0, ...startsOf(widths)].map((start, index) => [start, columns[index]]));
    }
    setWidths(widths) {
        const layout = this.latest;
        const former = this.state.file.layout.widths;
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
    /** What columns are called, what was typed last included. */
    namesOf(layout) {
        return layout.names || this.state.mapping.columns.map(({ heading }) => heading);
    }
    keepColumns(known) {
        const { layout, mapping } = this.state;
        [0, ...startsOf(layout.widths)].forEach((start, index) => {
            const column = known.get(start);
            if (column && mapping.columns[index]) {
                const { target, options } = column;
                Object.assign(mapping.columns[index], { target, options });
            }
        });
    }
    /** What was said of columns, also while the server was looking; `columns`: those before. */
    keepTouched(columns) {
        const isSame = columns.length === this.state.mapping.columns.length;
        const kept = isSame ? [...this.touched].map((column) => columns.indexOf(column)) : [];
        this.touched = new Set(
            kept.map((index) => {
                const { target, options } = columns[index];
                return Object.assign(this.state.mapping.columns[index], { target, options });
            })
        );
    }
    forgetAnswers() {
        this.answers = {};
        this.touched.clear();
    }
    setName(one, name) {
        const layout = this.latest;
        layout.names = [...this.namesOf(layout)];
        layout.names[one.position] = name.trim();
        const known = this.columnsByStart(layout.widths);
        const column = this.state.mapping.columns[one.position];
        if (!column.target) {
            known.delete([0, ...startsOf(layout.widths)][one.position]); // its name may tell
        }
        return this.look({ layout, known, ...this.asChosen });
    }

    // ---- Profiles to choose ------------------------------------------------------------

    get ownPatterns() {
        return this.state.file.patterns.filter(({ own }) => own);
    }
    get readyPatterns() {
        return this.state.file.patterns.filter(({ own }) => !own);
    }
    get chosenPattern() {
        const { file, mapping } = this.state;
        return file.pattern || mapping.profile || "";
    }
    get fitText() {
        const [found, wanted] = this.state.file.fit;
        return _t("%(found)s of the %(wanted)s columns of this profile are in the file.", {
            found,
            wanted,
        });
    }
    setPattern(pattern) {
        this.forgetAnswers();
        this.kind = null;
        const own = pattern.startsWith("own:"); // it says itself how its files are laid out
        const layout = own || !pattern ? null : this.latest;
        return this.look({ layout, pattern, afresh: !pattern });
    }
    startAfresh() {
        this.forgetAnswers();
        this.kind = null;
        return this.look({ afresh: true });
    }

    // ---- The columns -------------------------------------------------------------------

    get targets() {
        return this.state.file.targets[this.state.mapping.kind];
    }
    get columns() {
        return this.state.mapping.columns.map((column, index) => ({
            ...this.state.file.columns[index],
            column,
        }));
    }
    typeOf(target) {
        return this.targets.find((one) => one.target === target)?.type || "";
    }
    /** Targets that more than one column is said to hold. */
    get twins() {
        const seen = new Set();
        const twins = new Set();
        for (const { target } of this.state.mapping.columns) {
            if (target && seen.has(target)) {
                twins.add(target);
            }
            seen.add(target);
        }
        return twins;
    }

    setTarget(column, target) {
        column.target = target;
        delete column.options.codes;
        this.touched.add(column);
        this.refresh();
    }

    get rules() {
        return [
            ["fill", _t("fills what is empty")],
            ["overwrite", _t("replaces what is there")],
            ["keep", _t("changes nothing")],
        ];
    }
    setRule(column, rule) {
        column.options.rule = rule || undefined;
        this.touched.add(column);
    }

    /** The values of a column whose meaning must be known, and what they may mean. */
    meanings(one) {
        const meanings = {
            code: [["male", _t("Male")], ["female", _t("Female")], ["other", _t("Other")]],
            consent: [["yes", _t("Yes")], ["no", _t("No")]],
            boolean: [["yes", _t("Yes")], ["no", _t("No")]],
        }[this.typeOf(one.column.target)];
        return meanings && one.choices.length <= 8 ? meanings : null;
    }
    meaningOf(column, value) {
        const meaning = column.options.codes?.[value];
        return { true: "yes", false: "no" }[meaning] || meaning || "";
    }
    setMeaning(column, value, meaning) {
        const codes = { ...column.options.codes };
        delete codes[value];
        if (meaning) {
            const isBoolean = this.typeOf(column.target) === "boolean";
            codes[value] = isBoolean ? meaning === "yes" : meaning;
        }
        column.options.codes = codes;
        this.touched.add(column);
        this.refresh();
    }

    // ---- What else must be known -------------------------------------------------------

    get options() {
        return this.state.mapping.options;
    }
    has(...targets) {
        return this.state.mapping.columns.some(({ target }) => targets.includes(target));
    }
    get fileTellsTax() {
        const { mapping } = this.state;
        const amounts = ["amount", "unit_price", "order_total"];
        return (
            Boolean(mapping.profile) ||
            mapping.columns.some(
                ({ target, heading }) => amounts.includes(target) && /税込|税抜|税別/.test(heading)
            )
        );
    }
    answerTax(included) {
        this.state.taxAnswered = true;
        this.setOption("tax_included", included);
    }
    get ratePlaceholder() {
        return this.options.tax_included ? _t("as on the day") : _t("no tax added");
    }
    get isTaxOpen() {
        return this.state.mapping.kind === "sales" && !this.state.taxAnswered;
    }
    /** What becomes of lines a corrected file has no more; the first is the careful one. */
    get replacements() {
        return [
            ["", _t("stay as they are")],
            ...(this.has("slip") ? [["slips", _t("are taken out if the file has their slip")]] : []),
            ["days", _t("are taken out if the file has lines of their day (it is complete for its days)")],
        ];
    }
    setNumber(key, text) {
        this.setOption(key, text === "" ? null : Number(text));
    }
    setOption(key, value) {
        this.options[key] = value;
        this.answers[key] = value;
        this.refresh();
    }
    isListed(key, value) {
        return (this.options[key] || []).includes(value);
    }
    toggleListed(key, value) {
        const listed = this.options[key] || [];
        const without = listed.filter((one) => one !== value);
        this.setOption(key, without.length < listed.length ? without : [...listed, value]);
    }
    choices(target, key) {
        const found = this.columns.find(({ column }) => column.target === target)?.choices || [];
        return [...new Set([...found, ...(this.options[key] || [])])];
    }

    // ---- What will be stored -----------------------------------------------------------

    get wrongRows() {
        return this.state.preview.rows.filter(({ state }) => state === "rejected").length;
    }
    get wrongText() {
        return _t(
            "%s of the first rows cannot be stored. They come back with the reason; the others are imported.",
            this.wrongRows
        );
    }
    get hasReasons() {
        return this.state.preview.rows.some(({ reason }) => reason);
    }
    cellClass(row, target) {
        const marks = { warning: "o_doubtful", rejected: "o_wrong" };
        return (row.problems[target] && marks[row.state]) || "";
    }
    get isSourceOpen() {
        return this.state.sourceAsked && !this.state.source.trim();
    }
    get canStart() {
        const { preview, busy, problem } = this.state;
        return !busy && !problem && preview && !preview.lacking.length && !this.isTaxOpen;
    }

    async begin() {
        this.state.sourceAsked = true;
        if (this.isSourceOpen) {
            this.state.details = true;
            this.sourceInput.el?.focus();
            return;
        }
        this.refresh.cancel(); // what has begun is not previewed any more
        this.state.busy = true;
        await Promise.allSettled([this.previewing]); // nor while it begins
        try {
            const { layout, mapping, source, remember, recognizedAs } = this.state;
            const setup = { layout, mapping, source, remember, recognized_as: recognizedAs };
            const action = await this.call("begin", setup);
            await this.action.doAction(action, { clearBreadcrumbs: false });
        } finally {
            this.state.busy = false;
        }
    }
}
