import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Pager } from "@web/core/pager/pager";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAGE = 20;

/**
 * A history on a tab of the partner's form. It reads nothing until the tab is opened, and then
 * one page at a time, so that a long history does not slow down opening the person.
 */
export class PartnerHistory extends Component {
    static components = { Pager };
    static props = { ...standardWidgetProps };
    /** The method of res.partner that gives one page. */
    static method = "";
    /** By what the history is narrowed: the argument of that method, and how it begins. */
    static narrowing = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            ...this.constructor.narrowing,
            offset: 0,
            limit: PAGE,
            data: null,
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                this.state.offset = 0;
                return this.load(next.record.resId);
            }
        });
    }

    async load(resId = this.props.record.resId) {
        if (!resId) {
            this.state.data = null;
            return;
        }
        const { data, ...words } = this.state;
        this.state.data = await this.orm.call(
            "res.partner",
            this.constructor.method,
            [[resId]],
            words
        );
    }

    /** Begin again at the first page of what is narrowed so. */
    async narrow(values) {
        Object.assign(this.state, { ...values, offset: 0 });
        await this.load();
    }

    async onPage({ offset, limit }) {
        Object.assign(this.state, { offset, limit });
        await this.load();
    }

    /** Open the action that a method of the partner gives. */
    async openAction(method, ...words) {
        const action = await this.orm.call("res.partner", method, [
            [this.props.record.resId],
            ...words,
        ]);
        await this.action.doAction(action);
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
