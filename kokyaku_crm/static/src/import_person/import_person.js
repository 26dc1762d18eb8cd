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
        const next = method !== "action_reopen" && this.findFocusFutureCell(cell, false, "down");
        await this.orm.call(
            record.resModel,
            method,
            number ? [[record.resId], number] : [[record.resId]]
        );
        await record.load();
        (next || cell).focus();
    }
}

registry.category("views").add("kokyaku_import_person", {
    ...listView,
    Renderer: ImportPersonRenderer,
});
