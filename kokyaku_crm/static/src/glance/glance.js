import { Component, onMounted, toRaw, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The glance: what must be known of a person or company, in cards right under the name.
 *
 * Read in one call, again whenever the form has loaded or saved its record. The form does
 * not wait for it.
 */
export class Glance extends Component {
    static template = "kokyaku_crm.Glance";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({ cards: [] });
        useRecordObserver((record) => this.follow(record));
        onMounted(() => {
            this.mounted = true; // before, the form may still begin its drawing anew
            this.follow(this.props.record);
        });
    }

    /** Read the cards once for what was loaded or saved: the observer calls more than once. */
    follow(record) {
        const data = toRaw(record.data); // observed: another one after each load and save
        if (this.mounted && (data !== this.data || record.resId !== this.resId)) {
            this.data = data;
            this.load(record.resId);
        }
    }

    async load(resId) {
        if (resId !== this.resId) {
            this.state.cards = [];
        }
        this.resId = resId;
        if (!resId) {
            return;
        }
        const { cards } = await this.orm.silent.call("res.partner", "kokyaku_glance", [[resId]]);
        if (resId === this.resId) {
            this.state.cards = cards;
        }
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
            await this.action.doAction(await this.orm.call("res.partner", target, [[this.resId]]));
        }
    }
}

registry.category("view_widgets").add("kokyaku_glance", { component: Glance });
