import { registry } from "@web/core/registry";

const holds = (name, value) => {
    const field = document.querySelector(`[name='${name}']`);
    const shown = field.selectedOptions ? field.selectedOptions[0].textContent : field.value;
    if (shown.trim() !== value) {
        throw new Error(`${name} is “${shown}”, not “${value}”`);
    }
};

registry.category("web_tour.tours").add("kokyaku_postal_code", {
    steps: () => [
        {
            content: "a half-typed code is told so",
            trigger: "input[name=zip]",
            run: "edit 154-00 && press Tab",
        },
        {
            content: "an unknown code is told so",
            trigger: "[role=status]:contains(seven digits)",
        },
        {
            trigger: "input[name=zip]",
            run: "edit 9999999 && press Tab",
        },
        {
            trigger: "[role=status]:contains(no postal code 999-9999)",
        },
        {
            content: "a code in full width fills the address",
            trigger: "input[name=zip]",
            run: "edit １５４００２３ && press Tab",
        },
        {
            trigger: "[role=status]:not(:visible)",
            run: () => {
                holds("zip", "154-0023");
                holds("state_id", "東京都");
                holds("city", "世田谷区若林");
            },
        },
        {
            content: "another code takes back what the first one filled",
            trigger: "input[name=zip]",
            run: "edit 1000001 && press Tab",
        },
        {
            trigger: "input[name=city]:value(千代田区千代田)",
        },
        {
            content: "what was typed by hand stays",
            trigger: "input[name=city]",
            run: "edit 千代田区千代田1-1",
        },
        {
            trigger: "input[name=zip]",
            run: "edit 154-0023 && press Tab",
        },
        {
            trigger: "select[name=state_id]",
            run: () => holds("city", "千代田区千代田1-1"),
        },
    ],
});
