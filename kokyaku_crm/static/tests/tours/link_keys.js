export const press = (key, code) => () =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }));
export const chosen = (text) => `.o_link_buyers .o_chosen:contains(${text})`;

/** The most certain one stands first, with the reason, and Enter takes the likeliest person. */
export const firstByEnter = ({ first, reason, person }) => [
    {
        content: "the most certain one stands first, with the reason",
        trigger: `.o_link_right:contains(${reason}):contains(${person})`,
    },
    {
        content: "Enter takes the likeliest person",
        trigger: chosen(first),
        run: press("Enter", "Enter"),
    },
];
