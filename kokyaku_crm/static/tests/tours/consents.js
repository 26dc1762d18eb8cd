import { registry } from "@web/core/registry";

const cell = (key, state) => `[data-cell='${key}'] button:contains(${state})`;
const pressed = (key, state) => `[data-cell='${key}'] button[aria-pressed=true]:contains(${state})`;

registry.category("web_tour.tours").add("kokyaku_consents", {
    steps: () => [
        {
            content: "the page of what someone wants to receive",
            trigger: ".o_notebook .nav-link[name='kokyaku_consents']",
            run: "click",
        },
        {
            content: "yes to promotion by e-mail",
            trigger: cell("email/promotion", "Allowed"),
            run: "click",
        },
        {
            content: "no to promotion by post",
            trigger: cell("post/promotion", "Refused"),
            run: "click",
        },
        {
            content: "a yes to advertising needs a basis",
            trigger: ".o_kokyaku_consent_basis .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_kokyaku_consent_basis input.is-invalid",
            run: "edit 名刺交換",
        },
        {
            trigger: ".o_kokyaku_consent_basis .btn-primary",
            run: "click",
        },
        {
            content: "both are recorded",
            trigger: `.o_kokyaku_consents:not(:has(.o_kokyaku_consent_basis)) ${pressed(
                "email/promotion",
                "Allowed"
            )}`,
        },
        {
            content: "stop the address altogether",
            trigger: ".o_kokyaku_consents button:contains(/^Blacklist$/)",
            run: "click",
        },
        {
            content: "it counts as a no",
            trigger: ".o_kokyaku_consents button:contains(Blacklisted)",
        },
        {
            trigger: `.o_kokyaku_consents td:has([data-cell='email/promotion']) .text-danger:contains(Blacklisted)`,
        },
        {
            content: "mark one more, and save with the form's own button",
            trigger: cell("phone/promotion", "Refused"),
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: `.o_kokyaku_consents:not(:has(.o_kokyaku_consent_basis)) ${pressed(
                "phone/promotion",
                "Refused"
            )}`,
        },
        {
            content: "decline everything promotional",
            trigger: ".o_kokyaku_consents button:contains(Declines All Promotion)",
            run: "click",
        },
        {
            content: "the badge under the name says so",
            trigger: ".badge:contains(Declined All Promotion)",
        },
    ],
});
