import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** The cron comes when the tour wants it. */
async function work() {
    const call = (method, args) =>
        rpc(`/web/dataset/call_kw/ir.cron/${method}`, {
            model: "ir.cron", method, args, kwargs: {},
        });
    await call("method_direct_trigger", [
        await call("search", [[["model_id.model", "=", "kokyaku.run"]]]),
    ]);
}

registry.category("web_tour.tours").add("kokyaku_selection_background", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name='action_execute']:contains(Execute)",
            run: "click",
        },
        {
            trigger: ".modal:contains(on its way) .btn-primary",
            run: "click",
        },
        {
            content: "it shows that it is at work, and the button is gone",
            trigger:
                ".o_form_view:not(:has(button[name='action_execute'])) .alert-info .o_kokyaku_run_progress:contains(Waiting)",
            run: work,
        },
        {
            content: "it is done, without a click",
            trigger: ".o_form_view:not(:has(.o_kokyaku_run_progress)) .o_arrow_button_current:contains(Executed)",
        },
        {
            trigger: "button[name='action_lines']:contains(Sent) .o_stat_value:contains(2)",
        },
    ],
});
