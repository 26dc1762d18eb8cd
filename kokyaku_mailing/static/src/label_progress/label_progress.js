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
        this.runId = this.props.action.params.run_id;
        this.state = useState({ ended: false });
    }

    onEnded() {
        this.state.ended = true;
    }

    close() {
        return this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("kokyaku_mailing.label_progress", LabelProgress);
