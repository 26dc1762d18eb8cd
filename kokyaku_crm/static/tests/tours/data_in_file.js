/**
 * Put a file into the field of the data converter, as choosing or dropping one does.
 *
 * @param {string} name
 * @param {string} content
 * @returns {() => void} what a step runs
 */
export function choose(name, content) {
    return () => {
        const input = document.querySelector(".o_data_in_file");
        const files = new DataTransfer();
        files.items.add(new File([content], name, { type: "text/plain" }));
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
}
