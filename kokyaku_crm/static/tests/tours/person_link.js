import { registry } from "@web/core/registry";
import { chosen, firstByEnter, press } from "./link_keys";

/** Three orders of a company get their persons by the keyboard; the last decision is undone. */
registry.category("web_tour.tours").add("kokyaku_person_link", {
    steps: () => [
        ...firstByEnter({
            first: "巡回商事",
            reason: "Name in the Reference",
            person: "巡回 一郎",
        }),
        {
            content: "where two are as likely both are offered; the second by its number",
            trigger: ".o_link_right:contains(巡回一郎・巡回二郎)",
            run: press("2", "Digit2"),
        },
        {
            content: "both are written",
            trigger: ".o_link_decided li:nth-child(2) button:not(:disabled)",
        },
        {
            content: "nobody is left",
            trigger: ".o_link_left:contains(No order or invoice)",
            run: press("u", "KeyU"),
        },
        { content: "the last one is back", trigger: chosen("巡回商事") },
        {
            content: "none of them",
            trigger: ".o_link_right:contains(巡回一郎・巡回二郎)",
            run: press("x", "KeyX"),
        },
        { trigger: "button[data-state=refused] .o_link_count:contains(1)" },
        {
            content: "what was set stands on its own list",
            trigger: "button[data-state=done]",
            run: "click",
        },
        { trigger: ".o_link_now:contains(巡回 一郎)" },
    ],
});
