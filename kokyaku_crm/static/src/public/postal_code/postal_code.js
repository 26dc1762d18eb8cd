import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** 郵便番号から住所: a postal code typed on a public form fills the address below it. */
export class PostalCode extends Interaction {
    static selector = ".o_kokyaku_zip";
    dynamicContent = { _root: { "t-on-change": this.fill } };

    setup() {
        this.filled = "";
    }

    async fill() {
        const typed = this.el.value.trim();
        let found = { message: "" };
        if (typed) {
            try {
                const answer = await this.waitFor(
                    fetch(`/kokyaku/postal/${encodeURIComponent(typed)}`)
                );
                found = answer.ok ? await this.waitFor(answer.json()) : found;
            } catch {
                // Without an answer the address is typed by hand, as ever.
            }
        }
        if (this.el.value.trim() !== typed) {
            return; // typed on meanwhile: that one has an answer of its own coming
        }
        this.el.parentElement.querySelector("[role=status]").textContent = found.message;
        if (found.code) {
            this.el.value = found.code;
        }
        if (found.state_id) {
            this.field("state_id").value = found.state_id;
        }
        if (found.city) {
            this.fillCity(found.city + found.town);
        }
    }

    /** What somebody has just typed stays, and so does what says more about the same place. */
    fillCity(place) {
        const city = this.field("city");
        const untouched = [city.defaultValue, this.filled, ""].includes(city.value);
        if (untouched && !city.value.startsWith(place)) {
            city.value = this.filled = place;
        }
    }

    field(name) {
        return this.el.form.elements[this.el.name.replace("zip", name)];
    }
}

registry.category("public.interactions").add("kokyaku_crm.postal_code", PostalCode);
