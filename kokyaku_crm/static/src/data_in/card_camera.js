import { Component, useState } from "@odoo/owl";
import { BarcodeVideoScanner } from "@web/core/barcode/barcode_video_scanner";
import { Dialog } from "@web/core/dialog/dialog";

/** Looks at the whole picture: what a scanner of bars cuts out of it holds no QR code of a card. */
class CardVideo extends BarcodeVideoScanner {
    static template = "kokyaku_crm.CardVideo";

    async isVideoReady() {
        const [track] = this.stream.getVideoTracks();
        const finer = { width: { ideal: 1280 }, height: { ideal: 720 } }; // a card's code is dense
        await track?.applyConstraints(finer).catch(() => {});
        return super.isVideoReady();
    }
}

/** 名刺のQRコード: the camera, until there is a code in its picture. */
export class CardCamera extends Component {
    static template = "kokyaku_crm.CardCamera";
    static components = { CardVideo, Dialog };
    static props = { close: Function, onResult: Function, onPicture: Function };

    setup() {
        this.state = useState({ isReady: false, isRefused: false });
    }
    onReady() {
        this.state.isReady = true;
    }
    /** A picture that cannot be read is followed by the next one; without a camera there is none. */
    onError() {
        this.state.isRefused = !this.state.isReady;
    }
    onResult(text) {
        this.props.close();
        this.props.onResult(text);
    }
    choosePicture() {
        this.props.close();
        this.props.onPicture();
    }
}
