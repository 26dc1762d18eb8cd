import { registry } from "@web/core/registry";

const row = (number) => `.o_kokyaku_import_person .o_data_row:nth-child(${number})`;

registry.category("web_tour.tours").add("kokyaku_import_people", {
    steps: () => [
        {
            content: "rows wait for a decision",
            trigger: "button:contains(Decide)",
            run: "click",
        },
        {
            content: "the keys are heard at once, without the mouse",
            trigger: `${row(1)} td:focus`,
            run: "press n",
        },
        {
            trigger: `${row(1)}:contains(Enter as New)`,
        },
        {
            content: "what cannot be is said beside the row, and the row stays chosen",
            trigger: `${row(2)} td:focus`,
            run: "press t",
        },
        {
            trigger: ".o_notification:contains(earlier)",
        },
        {
            trigger: `${row(2)} td:focus`,
            run: "press s",
        },
        {
            content: "the page is through: nothing is left",
            trigger: ".o_view_nocontent:contains(Nothing is left to be decided)",
        },
    ],
});

registry.category("web_tour.tours").add("kokyaku_import_people_typed_ahead", {
    steps: () => [
        {
            trigger: "button:contains(Decide)",
            run: "click",
        },
        {
            content: "a key for every row of the page and of the next, faster than any server",
            trigger: `${row(1)} td:focus`,
            async run({ anchor }) {
                for (const key of ["n", "s", "n", "s"]) {
                    const cell = document.activeElement.closest("td") || anchor;
                    cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
            },
        },
        {
            trigger: ".o_view_nocontent:contains(Nothing is left to be decided)",
        },
    ],
});

registry.category("web_tour.tours").add("kokyaku_card_camera", {
    steps: () => [
        {
            trigger: ".o_data_in_drop button:contains(Camera)",
            run: "click",
        },
        {
            content: "without a camera a picture does it",
            trigger: ".modal .alert:contains(The camera cannot be used)",
        },
        {
            trigger: ".modal button:contains(Choose a Picture)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=file]",
        },
        {
            trigger: ".modal button:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
