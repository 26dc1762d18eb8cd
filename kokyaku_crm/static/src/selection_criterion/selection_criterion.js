import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** かつ・または・除く join a criterion to those above it: the first one has none, but for 除く. */
export class ConnectorField extends SelectionField {
    get string() {
        const lines = this.props.record._parentRecord?.data.criterion_ids?.records || [];
        const isFirst = lines[0]?.id === this.props.record.id;
        return isFirst && this.value !== "except" ? "" : super.string;
    }
}

registry.category("fields").add("kokyaku_connector", {
    ...selectionField,
    component: ConnectorField,
    supportedTypes: ["selection"],
});

/** Sends along which version of the criteria was changed: see `selection_set_version.py`. */
export class SelectionSetFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        if (record.resId && changes.criterion_ids) {
            changes.criteria_version = record.data.criteria_version;
        }
        return super.onWillSaveRecord(record, changes);
    }

    /** What shows then is what is stored, and not what was when the form was opened. */
    async discard() {
        await super.discard();
        if (this.model.root.resId && !this.env.inDialog) {
            await this.model.root.load();
        }
    }
}

registry.category("views").add("kokyaku_selection_set_form", {
    ...formView,
    Controller: SelectionSetFormController,
});
