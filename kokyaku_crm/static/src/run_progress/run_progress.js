import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_EVERY = 1000; // milliseconds
const POLL_AFTER_ERROR = 5000; // the server may be restarting

/**
 * The progress of one run (処理状況), asked for every second until it has ended.
 *
 * Props: runId; onDone(status) and onFailed(status), called once, with what
 * `kokyaku.run.status` says: { id, name, state, progress, message, attachment_id }.
 */
export class RunProgress extends Component {
    static template = "kokyaku_crm.RunProgress";
    static props = {
        runId: Number,
        onDone: { type: Function, optional: true },
        onFailed: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ run: null, gone: false, offline: false, stopping: false });
        onWillStart(() => this.poll());
        onWillUpdateProps((next) => {
            if (next.runId !== this.props.runId) {
                this.stop();
                Object.assign(this.state, { run: null, gone: false });
                return this.poll(next.runId);
            }
        });
        onWillUnmount(() => {
            this.unmounted = true;
            this.stop();
        });
    }

    stop() {
        clearTimeout(this.timer);
    }

    async poll(runId = this.props.runId) {
        let wait = POLL_EVERY;
        try {
            const [run] = await this.orm.silent.call("kokyaku.run", "status", [[runId]]);
            this.state.offline = false;
            this.state.gone = !run;
            this.state.run = run || this.state.run;
        } catch {
            this.state.offline = true;
            wait = POLL_AFTER_ERROR;
        }
        if (this.unmounted) {
            return;
        }
        if (this.active) {
            this.timer = setTimeout(() => this.poll(runId), wait);
        } else {
            this.finish();
        }
    }

    finish() {
        const { run, gone } = this.state;
        if (gone || run?.state === "done") {
            this.props.onDone?.(run);
        } else {
            this.props.onFailed?.(run);
        }
    }

    get active() {
        const { run, gone, offline } = this.state;
        if (gone) {
            return false;
        }
        return offline || ["queued", "running"].includes(run?.state);
    }

    get percent() {
        return Math.round(this.state.run?.progress || 0);
    }

    get barClass() {
        return {
            done: "text-bg-success",
            failed: "text-bg-danger",
            cancelled: "text-bg-secondary",
            queued: "progress-bar-striped progress-bar-animated text-bg-secondary",
        }[this.state.run?.state] || "progress-bar-striped progress-bar-animated";
    }

    get title() {
        const texts = {
            queued: this.percent ? _t("Waiting for its next turn…") : _t("Waiting to start…"),
            running: _t("Running…"),
            done: _t("Done"),
            failed: _t("Failed"),
            cancelled: _t("Cancelled"),
        };
        if (this.state.offline) {
            return _t("No answer from the server. Still trying…");
        }
        if (this.state.gone) {
            return _t("This work has ended. Its file is kept for the one who started it.");
        }
        return texts[this.state.run?.state];
    }

    get canCancel() {
        return this.state.run?.state === "queued";
    }

    get isRunning() {
        return this.state.run?.state === "running";
    }

    get canStop() {
        return this.active && this.state.run?.can_stop;
    }

    async stopWork() {
        this.state.stopping = true;
        await this.orm.call("kokyaku.run", "action_stop", [[this.props.runId]]);
        this.stop();
        await this.poll();
    }

    async cancel() {
        await this.orm.call("kokyaku.run", "action_cancel", [[this.props.runId]]);
        this.stop();
        await this.poll();
    }

    async download() {
        const action = await this.orm.call("kokyaku.run", "action_download", [[this.props.runId]]);
        await this.action.doAction(action);
    }
}

/** The same as a widget on the form of a run; reloads the form when the run has ended. */
export class RunProgressWidget extends Component {
    static template = "kokyaku_crm.RunProgressWidget";
    static components = { RunProgress };
    static props = { ...standardWidgetProps };

    reload() {
        return this.props.record.load();
    }
}

registry.category("view_widgets").add("kokyaku_run_progress", {
    component: RunProgressWidget,
});

/** The run of a record, on the record's own form, which is loaded anew when the run has ended. */
export class RunProgressField extends Component {
    static template = "kokyaku_crm.RunProgressField";
    static components = { RunProgress };
    static props = { ...standardFieldProps };

    get runId() {
        return this.props.record.data[this.props.name]?.id;
    }

    reload() {
        return this.props.record.load();
    }
}

registry.category("fields").add("kokyaku_run", {
    component: RunProgressField,
    supportedTypes: ["many2one"],
});
