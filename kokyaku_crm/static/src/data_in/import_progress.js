import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { RunProgress } from "../run_progress/run_progress";

/** How far the work of an import is, on its form; the form is read again when it has ended. */
export class ImportProgress extends Component {
    static template = "kokyaku_crm.ImportProgress";
    static components = { RunProgress };
    static props = { ...standardWidgetProps };

    get runId() {
        return this.props.record.data.run_id?.id;
    }
    reload() {
        return this.props.record.load();
    }
}

registry.category("view_widgets").add("kokyaku_import_progress", {
    component: ImportProgress,
    fieldDependencies: [{ name: "run_id", type: "many2one" }],
});
