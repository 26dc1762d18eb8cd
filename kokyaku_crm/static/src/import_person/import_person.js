import { onMounted } from "@odoo/owl";
import { registry } from "@web/core/registry";
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
 * opens it again; then the next row has the focus.
 */
export class ImportPersonRenderer extends ListRenderer {
    static template = "kokyaku_crm.ImportPersonRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        onMounted(() => setTimeout(() => this.focusFirst())); // after the search has taken it
    }

    focusFirst() {
        this.rootRef.el?.querySelector(".o_data_row .o_data_cell")?.focus();
    }

    onCellKeydownReadOnlyMode(hotkey, cell, group, record) {
        const number = /^[1-5]$/.test(hotkey) ? Number(hotkey) : null;
        const method = number ? "action_decide_partner" : KEYS[hotkey];
        if (record && method) {
            this.decide(record, cell, method, number);
            return true;
        }
        return super.onCellKeydownReadOnlyMode(...arguments);
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
            cell.focus(); // beside the row, so that the keys go on working
            return;
        }
        await record.load();
        if (next || method === "action_reopen") {
            (next || cell).focus();
        } else {
            await this.props.list.load(); // the page is through: what is left of it, and the next
            this.focusFirst();
        }
    }
}

registry.category("views").add("kokyaku_import_person", {
    ...listView,
    Renderer: ImportPersonRenderer,
});
