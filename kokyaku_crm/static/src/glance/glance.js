import { Component, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The glance: what must be known of a person or company, in cards right under the name.
 *
 * The cards are a field of the partner: they come with the record, and anew whenever the form
 * has loaded or saved it.
 */
export class Glance extends Component {
    static template = "kokyaku_crm.Glance";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
    }

    get cards() {
        return this.props.record.data[this.props.name] || [];
    }

    /** The whole line, for the mouse over one that does not fit. */
    whole(line) {
        return [line.label, line.text, line.note].filter((text) => text).join(" ");
    }

    classOf(line) {
        const badge = line.color === false ? "" : `badge rounded-pill o_badge_color_${line.color}`;
        return line.tone ? `${badge} text-${line.tone}` : badge;
    }

    async open([target, id]) {
        if (target.startsWith("#")) {
            const form = this.root.el.closest(".o_form_view");
            const tab = form.querySelector(`.o_notebook a[name='${target.slice(1)}']`);
            if (tab) {
                tab.click();
                tab.scrollIntoView({ behavior: "smooth", block: "nearest" });
            }
        } else if (id) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: target,
                res_id: id,
                views: [[false, "form"]],
            });
        } else {
            const { resId } = this.props.record;
            await this.action.doAction(await this.orm.call("res.partner", target, [[resId]]));
        }
    }
}

registry.category("fields").add("kokyaku_glance", { component: Glance, supportedTypes: ["json"] });
