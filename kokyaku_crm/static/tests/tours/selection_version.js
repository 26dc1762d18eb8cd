import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

const ROW = ".o_field_widget[name='criterion_ids'] .o_data_row";

/** What another person does meanwhile: the second criterion is joined by “or”. */
async function changeElsewhere() {
    const set = Number(window.location.pathname.split("/").pop());
    const call = (model, method, args, kwargs = {}) =>
        rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
    const [, second] = await call("kokyaku.selection.criterion", "search", [
        [["set_id", "=", set]],
    ]);
    await call("kokyaku.selection.criterion", "write", [[second], { connector: "or" }]);
}

registry.category("web_tour.tours").add("kokyaku_selection_version", {
    steps: () => [
        {
            content: "the first criterion is joined to nothing, the second one is",
            trigger: `${ROW}:nth-child(2) [name='connector']:contains(And)`,
        },
        {
            trigger: `${ROW}:nth-child(1) [name='connector']:not(:contains(And))`,
            run: changeElsewhere,
        },
        {
            content: "take the first one out",
            trigger: `${ROW}:nth-child(1) .o_list_record_remove`,
            run: "click",
        },
        {
            content: "now the other one is the first",
            trigger: `${ROW}:nth-child(1) [name='connector']:not(:contains(And))`,
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it says who was faster and what to do",
            trigger: ".modal:contains(changed the criteria of) .modal-footer button:first",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_cancel",
            run: "click",
        },
        {
            content: "theirs is there",
            trigger: `${ROW}:nth-child(2) [name='connector']:contains(Or)`,
        },
    ],
});
