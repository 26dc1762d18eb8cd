import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { encodings, kinds } from "./import_choices";
import { ImportColumns } from "./import_columns";
import { ImportLayout } from "./import_layout";
import { ImportModel } from "./import_model";
import { ImportPreview } from "./import_preview";
import { ImportQuestions } from "./import_questions";
import { sizeInWords } from "./upload";
import { WidthRuler } from "./width_ruler";

const PREVIEW_AFTER = 250; // milliseconds

/**
 * How a file is read: what is in it, which column is what, what else must be known; and the
 * first rows as they will be stored. A file whose like came in before needs one click.
 */
export class ImportSetup extends Component {
    static template = "kokyaku_crm.ImportSetup";
    static components = { ImportColumns, ImportLayout, ImportPreview, ImportQuestions, WidthRuler };
    static props = { importId: Number, onLeave: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.sourceInput = useRef("source");
        this.refresh = useDebounced(() => this.model.showFirstRows(), PREVIEW_AFTER);
        this.model = useState(new ImportModel(this.call.bind(this), this.refresh));
        onWillStart(() => this.model.look());
    }

    call(method, ...words) {
        return this.orm.call("kokyaku.import", method, [[this.props.importId], ...words]);
    }

    // ---- What is known of the file -----------------------------------------------------

    get size() {
        return sizeInWords(this.model.file.size);
    }
    get beforeText() {
        const { when, user } = this.model.file.before;
        return _t(
            "This file was imported already (%(when)s, %(user)s). Importing it once more changes nothing where nothing has changed.",
            { when, user }
        );
    }
    get profileText() {
        const { name, when } = this.model.file.profile;
        if (!this.isReady) {
            return _t("Files like this are known: %(name)s, used last %(when)s.", { name, when });
        }
        return _t(
            "Files like this are known: %(name)s, used last %(when)s. One click brings it in.",
            { name, when }
        );
    }
    /** Whether nothing stands in the way, as far as the first rows tell. */
    get isReady() {
        return !this.model.preview?.lacking.length;
    }
    get kinds() {
        return kinds();
    }
    get encodings() {
        return encodings();
    }

    // ---- Profiles to choose ------------------------------------------------------------

    get ownPatterns() {
        return this.model.file.patterns.filter(({ own }) => own);
    }
    get readyPatterns() {
        return this.model.file.patterns.filter(({ own }) => !own);
    }
    get chosenPattern() {
        const { file, mapping } = this.model;
        return file.pattern || mapping.profile || "";
    }
    get isHardlyFitting() {
        const [found, wanted] = this.model.file.fit;
        return found * 2 < wanted;
    }
    get fitText() {
        const [found, wanted] = this.model.file.fit;
        return _t("%(found)s of the %(wanted)s columns of this profile are in the file.", {
            found,
            wanted,
        });
    }

    async begin() {
        this.model.sourceAsked = true;
        if (this.model.isSourceOpen) {
            this.model.details = true;
            this.sourceInput.el?.focus();
            return;
        }
        this.refresh.cancel(); // what has begun is not previewed any more
        this.model.busy = true;
        await Promise.allSettled([this.model.previewing]); // nor while it begins
        try {
            const action = await this.call("begin", this.model.setup);
            await this.action.doAction(action, { clearBreadcrumbs: false });
        } finally {
            this.model.busy = false;
        }
    }
}
