import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { LinkScreen } from "./link_screen";

/** 売上の紐付け: who the buyers of imported sales are. */
export class SalesLink extends LinkScreen {
    serverModel = "kokyaku.sales.link";
    after = { link: "linked", new: "new", refuse: "refused", reopen: "open" };

    get fields() {
        return [
            { word: "name", label: _t("Name") },
            { word: "kana", label: _t("Kana") },
            { word: "company", label: _t("Company") },
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
            { state: "auto", label: _t("Linked Automatically") },
            { state: "linked", label: _t("Linked by Hand") },
            { state: "new", label: _t("Entered as a New Person") },
            { state: "refused", label: _t("Nobody of Ours") },
        ];
    }
    get texts() {
        return {
            as: _t("As in the Sales"),
            lines: _t("Show the lines"),
            none: _t("Nobody like that is known. Look for somebody, or enter a new person."),
            finished: _t(
                "Every buyer is decided. Sales that are imported next link themselves, and who is not found stands here."
            ),
            refuse: _t("Nobody of Ours"),
            search: _t("Buyer, code or customer"),
        };
    }
}

registry.category("actions").add("kokyaku_sales_link", SalesLink);
