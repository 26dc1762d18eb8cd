import { rpcBus } from "@web/core/network/rpc";
import { UPDATE_METHODS } from "@web/core/orm_service";
import { registry } from "@web/core/registry";

const LABEL_MODELS = ["kokyaku.user.code", "kokyaku.user.name"];

/**
 * A changed label of a user-defined code changes views. The browser keeps views (on disk
 * too), so whoever changes a label gets fresh ones at once. Other browsers notice at their
 * next reload: the labels are part of the key of their cache (see ir_http.py).
 */
export const labelCacheService = {
    start() {
        rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => {
            const { model, method } = detail.data.params;
            if (LABEL_MODELS.includes(model) && UPDATE_METHODS.includes(method)) {
                rpcBus.trigger("CLEAR-CACHES", "get_views");
            }
        });
    },
};

registry.category("services").add("kokyaku_label_cache", labelCacheService);
