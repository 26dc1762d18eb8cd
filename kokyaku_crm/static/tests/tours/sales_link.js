import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { chosen, firstByEnter, press } from "./link_keys";

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

/** Four buyers are decided by the keyboard alone; the last decision is taken back. */
registry.category("web_tour.tours").add("kokyaku_sales_link", {
    steps: () => [
        ...firstByEnter({
            first: "田中 花子",
            reason: "Same: e-mail address",
            person: "田中 一郎",
        }),
        {
            content: "the next one; the second candidate by its number",
            trigger: `${chosen("同名 太郎")}`,
            run: press("2", "Digit2"),
        },
        {
            content: "somebody not found by the program is looked for",
            trigger: chosen("謎の 客"),
            run: press("/", "Slash"),
        },
        { trigger: ".o_link_find input:focus", run: "edit 一郎" },
        {
            content: "the person looked for",
            trigger: ".o_link_find li.o_chosen:contains(田中 一郎)",
        },
        { trigger: ".o_link_find input", run: "press Enter" },
        {
            content: "a new person",
            trigger: chosen("新山 梅"),
            run: press("n", "KeyN"),
        },
        {
            content: "everybody is decided",
            trigger: ".o_link_left:contains(Every buyer is decided)",
        },
        {
            content: "all four are written",
            trigger: ".o_link_decided li:contains(新山 梅) button:not(:disabled)",
            run: press("u", "KeyU"),
        },
        { content: "and the last one is back", trigger: chosen("新山 梅") },
        {
            content: "put off for later",
            trigger: ".o_link_right",
            run: press("s", "KeyS"),
        },
        { trigger: "button[data-state=skipped] .o_link_count:contains(1)" },
        { trigger: "button[data-state=linked]", run: "click" },
        { trigger: ".o_link_buyers li:contains(謎の 客)" },
    ],
});

/** Many buyers are looked for in the background, and the screen tells when it is over. */
registry.category("web_tour.tours").add("kokyaku_sales_link_again", {
    steps: () => [
        { trigger: chosen("初見 良子") },
        { trigger: "button:contains(Look Again)", run: "click" },
        {
            content: "it shows that it is at work, and the list stays",
            trigger: ".o_kokyaku_run_progress:contains(Waiting)",
            run: work,
        },
        { trigger: ".o_notification:contains(1 buyers were found.)" },
        {
            content: "who was found has left the list",
            trigger: ".o_link_left:contains(Every buyer is decided)",
        },
        { trigger: "body:not(:has(.o_kokyaku_run_progress))" },
    ],
});
