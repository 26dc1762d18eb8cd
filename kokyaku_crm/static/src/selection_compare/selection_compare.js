import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/**
 * 比較: the numbers above the list of differences (this time only, last time only, both times,
 * and what has changed). A click shows those people.
 */
export class SelectionCompareNumbers extends Component {
    static template = "kokyaku_crm.SelectionCompareNumbers";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ numbers: null });
        onWillStart(() => this.load());
    }

    /**
     * Once: the numbers change when people are taken over, which opens the view anew, not when
     * the list is filtered.
     */
    async load() {
        const compared = this.env.searchModel.globalContext.kokyaku_compare || [];
        this.state.numbers = await this.orm.call(this.props.list.resModel, "compared_numbers", [], {
            context: { ...user.context, kokyaku_compare: compared },
        });
    }

    show(name) {
        const model = this.env.searchModel;
        const [item] = model.getSearchItems((one) => one.name === name);
        const isShown = item && item.isActive;
        model.query = [];
        if (item && !isShown) {
            model.toggleSearchItem(item.id);
        } else {
            model._notify();
        }
    }

    text(number) {
        return number.toLocaleString();
    }
}

export class SelectionCompareRenderer extends ListRenderer {
    static template = "kokyaku_crm.SelectionCompareRenderer";
    static components = { ...ListRenderer.components, SelectionCompareNumbers };
}

registry.category("views").add("kokyaku_selection_compare", {
    ...listView,
    Renderer: SelectionCompareRenderer,
});
