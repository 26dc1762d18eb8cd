import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/** Excel出力: fetch the workbook while the screen says what it waits for. */
async function downloadWorkbook(env, action) {
    const { portfolio_id, domain } = action.params;
    env.services.ui.block({ message: _t("Writing the Excel file…") });
    try {
        await download({
            url: "/kokyaku_portfolio/workbook",
            data: { portfolio_id, domain: JSON.stringify(domain) },
        });
    } finally {
        env.services.ui.unblock();
    }
}

registry.category("actions").add("kokyaku_portfolio.download_workbook", downloadWorkbook);
