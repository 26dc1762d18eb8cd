import { Component, onWillUnmount, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";

const TELL_AFTER = 300; // milliseconds
const MARKED = 10; // bytes between two numbers of the scale

/**
 * 固定長: the first lines of a file in bytes, and where its columns begin.
 *
 * A click sets a boundary, dragging moves it, a double click takes it away. By keyboard: arrows
 * move the cursor of the scale, Enter sets or takes away; on a boundary arrows move it, Delete
 * takes it away. Positions are counted in bytes, as the programs that write such files do.
 */
export class WidthRuler extends Component {
    static template = "kokyaku_crm.WidthRuler";
    static props = {
        lines: Array, // of [character, bytes]
        widths: Array,
        onChange: Function, // (widths)
    };

    setup() {
        this.body = useRef("body");
        this.state = useState({ starts: startsOf(this.props.widths), cursor: 0 });
        this.told = this.props.widths.join();
        this.tell = useDebounced(() => {
            this.told = this.widths.join();
            this.props.onChange(this.widths);
        }, TELL_AFTER);
        onWillUpdateProps((props) => {
            if (props.widths.join() !== this.told) {
                this.told = props.widths.join();
                this.state.starts = startsOf(props.widths);
            }
        });
        onWillUnmount(() => this.letGo?.());
    }

    // ---- What is drawn -----------------------------------------------------------------

    get length() {
        const lines = this.props.lines.map((line) => line.reduce((sum, [, bytes]) => sum + bytes, 0));
        return Math.max(...lines, ...this.state.starts.map((start) => start + 1), 1);
    }
    get marks() {
        const count = Math.floor(this.length / MARKED) + 1;
        return Array.from({ length: count }, (_, index) => index * MARKED);
    }
    get widths() {
        const ends = [...this.state.starts, this.length];
        return [0, ...this.state.starts].map((start, index) => ends[index] - start);
    }
    /** Lines in which a boundary stands in the middle of a character. */
    isCutting(start) {
        return this.props.lines.some((line) => {
            let at = 0;
            for (const [, bytes] of line) {
                if (at < start && start < at + bytes) {
                    return true;
                }
                at += bytes;
            }
            return false;
        });
    }
    get isAnyCutting() {
        return this.state.starts.some((start) => this.isCutting(start));
    }
    labelOf(start, index) {
        return _t("Boundary between column %(left)s and %(right)s, after byte %(at)s", {
            left: index + 1,
            right: index + 2,
            at: start,
        });
    }
    get cursorText() {
        return _t("Byte %s", this.state.cursor);
    }

    // ---- Setting and taking away -------------------------------------------------------

    change(starts) {
        const inside = [...new Set(starts)].filter((start) => start > 0 && start < this.length);
        this.state.starts = inside.sort((a, b) => a - b);
        this.tell();
    }
    toggle(at) {
        const { starts } = this.state;
        this.change(starts.includes(at) ? starts.filter((one) => one !== at) : [...starts, at]);
    }
    remove(start) {
        this.change(this.state.starts.filter((one) => one !== start));
    }
    /** Move a boundary; never over its neighbours. */
    move(start, to) {
        const { starts } = this.state;
        const index = starts.indexOf(start);
        const least = (starts[index - 1] || 0) + 1;
        const most = (starts[index + 1] || this.length) - 1;
        const at = Math.min(Math.max(to, least), most);
        if (index >= 0 && at !== start) {
            this.change(starts.map((one) => (one === start ? at : one)));
        }
        return at;
    }

    byteAt(ev) {
        const box = this.body.el.getBoundingClientRect();
        return Math.round(((ev.clientX - box.left) / box.width) * this.length);
    }
    onClick(ev) {
        if (ev.target.closest(".o_boundary")) {
            return;
        }
        const at = this.byteAt(ev);
        if (!this.state.starts.includes(at)) {
            this.state.cursor = at;
            this.change([...this.state.starts, at]);
        }
    }
    onGrab(ev, start) {
        ev.preventDefault();
        ev.currentTarget.focus();
        let at = start;
        const onMove = (move) => (at = this.move(at, this.byteAt(move)));
        this.letGo = () => {
            document.removeEventListener("pointermove", onMove);
            document.removeEventListener("pointerup", this.letGo);
        };
        document.addEventListener("pointermove", onMove);
        document.addEventListener("pointerup", this.letGo);
    }
    onBoundaryKey(ev, start) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[ev.key];
        if (step) {
            this.move(start, start + step);
        } else if (["Delete", "Backspace"].includes(ev.key)) {
            this.remove(start);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
    onScaleKey(ev) {
        const { cursor } = this.state;
        const to = {
            ArrowLeft: cursor - 1,
            ArrowRight: cursor + 1,
            PageUp: cursor - MARKED,
            PageDown: cursor + MARKED,
            Home: 0,
            End: this.length - 1,
        }[ev.key];
        if (to !== undefined) {
            this.state.cursor = Math.min(Math.max(to, 0), this.length - 1);
        } else if (["Enter", " "].includes(ev.key)) {
            this.toggle(cursor);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}

/** Where columns begin, the first one left out. */
export function startsOf(widths) {
    const starts = [];
    let at = 0;
    for (const width of widths.slice(0, -1)) {
        at += width;
        starts.push(at);
    }
    return starts;
}
