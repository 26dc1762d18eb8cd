import { _t } from "@web/core/l10n/translation";

/**
 * Send a file to the server, piece by piece as the browser does it.
 *
 * @param {File} file
 * @param {(share: number) => void} onProgress called with 0 to 1
 * @returns {{ promise: Promise<{ id: number }|{ error: string }>, abort: () => void }}
 */
export function uploadFile(file, onProgress) {
    const request = new XMLHttpRequest();
    const promise = new Promise((resolve) => {
        const words = new FormData();
        words.append("csrf_token", odoo.csrf_token);
        words.append("file", file, file.name);
        request.open("POST", "/kokyaku/import/upload");
        request.upload.onprogress = (ev) => onProgress(ev.total ? ev.loaded / ev.total : 0);
        request.onload = () => {
            try {
                resolve(JSON.parse(request.responseText));
            } catch {
                resolve({ error: refused(request.status) });
            }
        };
        request.onerror = () =>
            resolve({ error: _t("The connection was lost on the way. Please try once more.") });
        request.onabort = () => resolve({ error: "" });
        request.send(words);
    });
    return { promise, abort: () => request.abort() };
}

function refused(status) {
    if (status === 413) {
        return _t("The server does not take files as large as this. Please ask the administrator.");
    }
    if (status === 400 || status === 401 || status === 403) {
        return _t("You have been signed out meanwhile. Please sign in and try once more.");
    }
    return _t("The server could not take the file (%s).", status);
}

/** A size as people say it: 12.3 MB. */
export function sizeInWords(bytes) {
    const units = ["B", "KB", "MB", "GB"];
    let size = bytes;
    let unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
        size /= 1024;
        unit++;
    }
    return `${unit && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
