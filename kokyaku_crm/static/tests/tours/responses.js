import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** What the code reader would read from the piece that was sent to somebody. */
async function codeOnPaper(name) {
    const model = "kokyaku.execution.line";
    const [line] = await rpc(`/web/dataset/call_kw/${model}/search_read`, {
        model,
        method: "search_read",
        args: [[["name_text", "=", name]], ["code"]],
        kwargs: { order: "id desc", limit: 1 },
    });
    return line.code;
}

registry.category("web_tour.tours").add("kokyaku_responses", {
    steps: () => [
        {
            trigger: "button[name='action_respond']",
            run: "click",
        },
        {
            content: "with the code reader",
            trigger: ".o_kokyaku_responses button:contains(Code Reader)",
            run: "click",
        },
        {
            trigger: ".o_responses_types button:contains(/^Attends$/)",
            run: "click",
        },
        {
            content: "a code that was read wrong is said at once",
            trigger: ".o_responses_input",
            run: "edit 000000000001 && press Enter",
        },
        {
            trigger: ".o_responses_flash.text-bg-danger",
        },
        {
            content: "the code on the piece",
            trigger: ".o_responses_input",
            async run({ edit, press }) {
                await edit(await codeOnPaper("黒木 健一"));
                await press("Enter");
            },
        },
        {
            trigger: ".o_responses_last li:contains(黒木 健一):contains(Attends)",
        },
        {
            content: "a card that came unasked",
            trigger: ".o_kokyaku_responses button:contains(What Arrived)",
            run: "click",
        },
        {
            trigger: ".o_responses_types input",
            run: "edit 年賀状",
        },
        {
            trigger: ".o_responses_input",
            run: "edit 春山 ひとみ",
        },
        {
            trigger: ".o_responses_found li:contains(春山 ひとみ)",
            run: "click",
        },
        {
            trigger: ".o_responses_last li:contains(春山 ひとみ)",
        },
    ],
});
