import { Component } from "@odoo/owl";
import { RunProgress } from "@kokyaku_crm/run_progress/run_progress";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const READ_RESULT = 1500; // milliseconds the final message stays before the dialog closes

/**
 * A dialog that follows a run until it has ended; closing it stops nothing.
 *
 * Action params: run_id; note (a sentence above the bar); keep_open (do not close at the end,
 * because there is a file to fetch).
 */
export class RunAction extends Component {
    static template = "kokyaku_portfolio.RunAction";
    static components = { RunProgress };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.params = this.props.action.params;
    }

    onDone() {
        if (!this.params.keep_open) {
            setTimeout(() => this.close(), READ_RESULT);
        }
    }

    close() {
        return this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("kokyaku_portfolio.run", RunAction);
