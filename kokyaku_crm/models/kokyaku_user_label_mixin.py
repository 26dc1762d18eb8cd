from odoo import api, models, tools

from .kokyaku_user_code import CODE_SLOTS, NAME_SLOTS

# field name -> (model of the label, slot)
SLOT_FIELDS = {
    **{f"user_code_{slot}_id": ("kokyaku.user.code", str(slot)) for slot in CODE_SLOTS},
    **{f"user_name_{slot}": ("kokyaku.user.name", str(slot)) for slot in NAME_SLOTS},
}


class KokyakuUserLabelMixin(models.AbstractModel):
    """Show the user-defined codes and names under their labels, and only then.

    For every model that has the slot fields, also by ``_inherits`` (a user has those of
    its partner, a variant those of its product).

    How it works: ``fields_get`` leaves unlabelled slots out and puts the label in place of
    the string, so filters, group-by, export and import follow; ``_get_view`` takes the
    elements of unlabelled slots out of the views; the labels are part of the view's cache
    key, so that no browser keeps an old one. Labels are read once per language and kept
    in the registry's ``templates`` cache, which every change of a label clears in all
    workers: no query per call.
    """

    _name = "kokyaku.user.label.mixin"
    _description = "Labels of User-defined Codes and Names"

    # Whose labels count: the model of `kokyaku.user.code.model`.
    _user_label_model = None

    @api.model
    def _labels_changed(self):
        """Forget labels and views, here and in the other workers."""
        self.env.flush_all()
        self.env.registry.clear_cache("templates")

    @api.model
    @tools.ormcache("self._user_label_model", "self.env.lang", cache="templates")
    def _user_labels(self):
        """Return ``{field name: label}`` of the labelled slots, in the user's language."""
        labels = {}
        for label_model in ("kokyaku.user.code", "kokyaku.user.name"):
            by_slot = {
                label.slot: label.name
                for label in self.env[label_model]
                .sudo()
                .search([("model", "=", self._user_label_model)])
            }
            for fname, (model, slot) in SLOT_FIELDS.items():
                if model == label_model and slot in by_slot:
                    labels[fname] = by_slot[slot]
        return labels

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        res = super().fields_get(allfields, attributes)
        if self.env.context.get("kokyaku_all_slots"):
            return res
        labels = self._user_labels()
        for fname in SLOT_FIELDS:
            if fname not in res:
                continue
            if fname not in labels:
                del res[fname]
            elif "string" in res[fname]:
                res[fname]["string"] = labels[fname]
        return res

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + tuple(sorted(self._user_labels().items()))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        labels = self._user_labels()
        for fname in SLOT_FIELDS:
            # a filter or group-by of a slot is called group_<field> or filter_<field>
            filters = arch.xpath(f"//filter[@name='group_{fname}' or @name='filter_{fname}']")
            if fname in labels:
                for node in filters:
                    node.set("string", labels[fname])
                continue
            for node in [*arch.xpath(f"//field[@name='{fname}']"), *filters]:
                node.getparent().remove(node)
        if not labels:
            # a box that is left without content would show as a lonely heading
            for node in arch.xpath("//*[@name='kokyaku_user_defined']"):
                node.getparent().remove(node)
        return arch, view
