import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { LinkScreen } from "./link_screen";

/** 個人の候補: the persons behind the orders and invoices of companies, by the same keys. */
export class PersonLink extends LinkScreen {
    serverModel = "kokyaku.person.proposal";
    after = { link: "done", refuse: "refused", reopen: "open" };
    isTakenOffFirst = true;

    get fields() {
        return [
            { word: "name", label: _t("Delivered to") },
            { word: "company", label: _t("Company") },
            { word: "reference", label: _t("Customer Reference") },
            { word: "zip", label: _t("Postal Code") },
            { word: "address", label: _t("Address") },
            { word: "phone", label: _t("Phone") },
            { word: "email", label: _t("Email") },
            { word: "code", label: _t("Customer Code") },
        ];
    }
    get tabs() {
        return [
            { state: "open", label: _t("To Be Decided") },
            { state: "skipped", label: _t("Put Off") },
            { state: "done", label: _t("Person Set") },
            { state: "refused", label: _t("Not This Person") },
        ];
    }
    get texts() {
        return {
            as: _t("As on the Document"),
            lines: _t("Show the document"),
            none: _t("Nobody is proposed. Look for somebody."),
            finished: _t(
                "No order or invoice of a company can be given to a person by what it says. Those that can stand here, with who it may be and why."
            ),
            refuse: _t("Not This Person"),
            search: _t("Company, person, number or reference"),
        };
    }
}

registry.category("actions").add("kokyaku_person_link", PersonLink);
