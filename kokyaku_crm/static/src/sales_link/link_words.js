import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";

/** How certain it is who a buyer is, in words. */
export function certainties() {
    return {
        sure: _t("Almost certain"),
        likely: _t("Likely"),
        maybe: _t("Possible"),
    };
}

/** An amount in the company's currency. */
export function money(value, currencyId) {
    return formatMonetary(value, { currencyId });
}
