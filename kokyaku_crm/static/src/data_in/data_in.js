import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CardCamera } from "./card_camera";
import { ImportSetup } from "./import_setup";
import { uploadFile } from "./upload";

/**
 * データ取込: a file is dropped, looked at, and brought in.
 *
 * The page before a file is there; what follows is `ImportSetup`, then the form of the import.
 */
export class DataIn extends Component {
    static template = "kokyaku_crm.DataIn";
    static components = { ImportSetup };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({
            home: null,
            importId: this.props.action.params?.import_id || null,
            over: false, // a file hangs over the field
            share: null, // of the file that is on its way
            name: "",
            error: "",
        });
        onWillStart(() => this.load());
        onWillUnmount(() => this.upload?.abort());
    }

    async load() {
        this.state.home = await this.orm.call("kokyaku.import", "home", []);
    }

    onDrop(ev) {
        this.state.over = false;
        const files = [...(ev.dataTransfer?.files || [])];
        if (files.length) {
            return this.take(files);
        }
    }
    onChoose(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        if (files.length) {
            return this.take(files);
        }
    }

    async take([file]) {
        if (this.state.share !== null) {
            return;
        }
        Object.assign(this.state, { share: 0, name: file.name, error: "" });
        this.upload = uploadFile(file, (share) => (this.state.share = share));
        const { id, error } = await this.upload.promise;
        Object.assign(this.state, { share: null, error: error || "", importId: id || null });
    }
    cancelUpload() {
        this.upload.abort();
    }
    get percent() {
        return Math.round(100 * this.state.share);
    }

    async leaveSetup() {
        await this.orm.unlink("kokyaku.import", [this.state.importId]);
        this.state.importId = null;
        await this.load();
    }

    open(one) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kokyaku.import",
            res_id: one.id,
            views: [[false, "form"]],
        });
    }
    openAll() {
        return this.action.doAction("kokyaku_crm.action_import");
    }
    openCard(text) {
        return this.action.doAction("kokyaku_crm.action_card_entry", {
            additionalContext: text ? { default_text: text } : {},
        });
    }
    get hasCamera() {
        return isBarcodeScannerSupported();
    }
    scanCard() {
        this.dialog.add(CardCamera, {
            onResult: (text) => this.openCard(text),
            onPicture: () => this.openCard(),
        });
    }
}

registry.category("actions").add("kokyaku_data_in", DataIn);
