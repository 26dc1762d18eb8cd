"""A domain in words, for people who have never seen one."""

from odoo.orm.domains import DomainAnd, DomainCondition, DomainNot, DomainOr
from odoo.tools import format_date

NUMBER_TYPES = ("integer", "float", "monetary", "date", "datetime")
FEW = 5  # values that are named; the rest is counted


def domain_text(model, domain):
    """Return what `domain` asks of `model`'s records, in the user's language.

    :param model: an empty recordset of the model
    :param Domain domain: as the user entered it, not optimized
    """
    if isinstance(domain, (DomainAnd, DomainOr)):
        word = model.env._(" and ") if isinstance(domain, DomainAnd) else model.env._(" or ")
        return word.join(_bracketed(model, part) for part in domain.children)
    if isinstance(domain, DomainNot):
        return model.env._("not %s", _bracketed(model, domain.child))
    if isinstance(domain, DomainCondition):
        return _condition_text(model, domain)
    return model.env._("everybody") if domain.is_true() else model.env._("nobody")


def _bracketed(model, part):
    text = domain_text(model, part)
    joined = isinstance(part, (DomainAnd, DomainOr)) and len(list(part.children)) > 1
    return model.env._("(%s)", text) if joined else text


def _condition_text(model, condition):
    env = model.env
    label, field, owner = _path(model, condition.field_expr)
    operator, value = condition.operator, condition.value
    negative = operator in ("not in", "!=", "not ilike", "not like", "not any")
    if field is not None and field.type == "boolean":
        wanted = bool(value) if operator in ("=", "!=") else True in list(value)
        return label if wanted != negative else env._("not %s", label)
    if operator in ("any", "not any", "any!", "not any!") and field is not None:
        inner = domain_text(env[field.comodel_name], value)
        text = env._("%(field)s: %(condition)s", field=label, condition=inner)
        return env._("not %s", env._("(%s)", text)) if negative else text
    values = _values(owner, field, value)
    if not values:
        return env._("%s is entered", label) if negative else env._("%s is empty", label)
    text = env._(", ").join(values)
    words = {
        ">": env._("%(field)s above %(value)s"),
        ">=": env._("%(field)s from %(value)s"),
        "<": env._("%(field)s below %(value)s"),
        "<=": env._("%(field)s up to %(value)s"),
        "child_of": env._("%(field)s is or belongs to %(value)s"),
    }
    if field is not None and field.type in ("date", "datetime"):
        words[">"] = env._("%(field)s after %(value)s")
        words["<"] = env._("%(field)s before %(value)s")
    if "like" in operator:
        positive = env._("%(field)s contains “%(value)s”")
        words[operator] = env._("%(field)s does not contain “%(value)s”") if negative else positive
    usual = env._("%(field)s is not %(value)s") if negative else env._("%(field)s is %(value)s")
    return words.get(operator, usual) % {"field": label, "value": text}


def _path(model, path):
    """Return (the labels along a path, its last field or None, the model that has it)."""
    labels, field, owner = [], None, model
    for name in path.split("."):
        if owner is None or name not in owner._fields:
            labels.append(name)  # a part of a date, a property
            field = None if owner is None else field
            owner = None
            continue
        model, field = owner, owner._fields[name]
        labels.append(field._description_string(model.env))
        owner = model.env[field.comodel_name] if field.relational else None
    return " › ".join(labels), field, model


def _values(model, field, value):
    """The values as words; empty when what is asked is whether there is one."""
    values = (
        list(value)
        if isinstance(value, (list, tuple, set))
        or hasattr(value, "__iter__")
        and not isinstance(value, str)
        else [value]
    )
    values = [one for one in values if one is not False and one is not None]
    if field is not None and field.relational and all(isinstance(one, int) for one in values):
        records = model.env[field.comodel_name].with_context(active_test=False)
        records = records.search([("id", "in", values)])
        texts = records.mapped("display_name")
    elif field is not None and field.type == "selection":
        names = dict(field._description_selection(model.env))
        texts = [names.get(one, str(one)) for one in values]
    elif field is not None and field.type == "date":
        texts = [_day_text(model.env, one) for one in values]
    else:
        texts = [str(one) for one in values]
    if len(texts) > FEW:
        texts = [*texts[:FEW], model.env._("and %s more", len(texts) - FEW)]
    return texts


def _day_text(env, value):
    try:
        return format_date(env, value)
    except ValueError:
        return str(value)  # “today -12m”
