import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RunProgress } from "@kokyaku_crm/run_progress/run_progress";

import { Component, useState } from "@odoo/owl";

/** Dialog of a large label print (宛名ラベル印刷): its progress, then the PDF to download. */
export class LabelProgress extends Component {
    static template = "kokyaku_mailing.LabelProgress";
    static components = { RunProgress };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.runId = this.props.action.params.run_id;
        this.state = useState({ done: false });
        this.env.config.setDisplayName?.(_t("Print Address Labels"));
    }

    onDone() {
        this.state.done = true;
    }

    async download() {
        const action = await this.orm.call("kokyaku.run", "action_download", [[this.runId]]);
        await this.action.doAction(action);
        this.close();
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("kokyaku_mailing.label_progress", LabelProgress);
