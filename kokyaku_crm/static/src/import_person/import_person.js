import { onMounted, onPatched } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

const KEYS = {
    n: "action_decide_new",
    s: "action_decide_skip",
    t: "action_decide_twin",
    u: "action_reopen",
};

/**
 * 要確認: deciding row by row without the mouse. ↑↓ goes from row to row, 1–5 takes the candidate
 * of that number, N enters a new person, S leaves the row out, T says it is the earlier row, U
 * opens it again; then the next row has the focus. Whoever types faster than the server answers
 * decides row after row all the same: each key waits until the one before it is through.
 */
export class ImportPersonRenderer extends ListRenderer {
    static template = "kokyaku_crm.ImportPersonRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.keys = new Mutex();
        this.round = 0; // begins anew when a key could not be
        onMounted(() => setTimeout(() => this.focusFirst())); // after the search has taken it
        onPatched(() => this.drawn?.());
    }

    focusFirst() {
        this.rootRef.el?.querySelector(".o_data_row .o_data_cell")?.focus();
    }
    /** Wait until the first record that was loaded is on the screen. */
    async isDrawn() {
        const [first] = this.props.list.records;
        while (first && !this.rootRef.el?.querySelector(`[data-id="${first.id}"]`)) {
            await new Promise((resolve) => (this.drawn = resolve));
        }
    }
    /** The cell that has the focus, and the record of its row. */
    get chosen() {
        const cell = this.rootRef.el?.querySelector(".o_data_cell:focus");
        const id = cell?.closest(".o_data_row").dataset.id;
        return { cell, record: this.props.list.records.find((record) => record.id === id) };
    }

    onCellKeydownReadOnlyMode(hotkey, cell, group, record) {
        const number = /^[1-5]$/.test(hotkey) ? Number(hotkey) : null;
        const method = number ? "action_decide_partner" : KEYS[hotkey];
        if (record && method) {
            this.type(method, number);
            return true;
        }
        return super.onCellKeydownReadOnlyMode(...arguments);
    }

    /** Do what a key says with the row that has the focus when its turn comes. */
    type(method, number) {
        const { round } = this;
        return this.keys.exec(() => {
            const { cell, record } = this.chosen;
            // What was typed after a key that could not be was meant for other rows.
            if (record && round === this.round) {
                return this.decide(record, cell, method, number);
            }
        });
    }

    async decide(record, cell, method, number) {
        if (record.data.applied) {
            return;
        }
        const below = this.findFocusFutureCell(cell, false, "down"); // short lists have bare rows
        const next = method !== "action_reopen" && below?.closest(".o_data_row") && below;
        try {
            await this.orm.call(
                record.resModel,
                method,
                number ? [[record.resId], number] : [[record.resId]]
            );
        } catch (error) {
            this.notificationService.add(error.data?.message || error.message, { type: "danger" });
            this.round++;
            cell.focus(); // beside the row, so that the keys go on working
            return;
        }
        await record.load();
        if (next || method === "action_reopen") {
            (next || cell).focus();
        } else {
            await this.props.list.load(); // the page is through: what is left of it, and the next
            await this.isDrawn();
            this.focusFirst();
        }
    }
}

registry.category("views").add("kokyaku_import_person", {
    ...listView,
    Renderer: ImportPersonRenderer,
});
