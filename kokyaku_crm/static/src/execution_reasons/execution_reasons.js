import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** 除外者（理由別）: how many are left out for each reason; a click lists them. */
export class ExecutionReasons extends Component {
    static template = "kokyaku_crm.ExecutionReasons";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get reasons() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(code) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_lines", [[resId]], {
            context: { kokyaku_reason: code },
        });
        await this.action.doAction(action);
    }
}

registry.category("fields").add("kokyaku_reasons", {
    component: ExecutionReasons,
    supportedTypes: ["json"],
});
