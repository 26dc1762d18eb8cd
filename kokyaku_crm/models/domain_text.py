"""A domain in words, for people who have never seen one."""

import re

from odoo.orm.domains import DomainAnd, DomainCondition, DomainNot, DomainOr
from odoo.tools import format_date, format_datetime, formatLang

NUMBER_TYPES = ("integer", "float", "monetary")
DAY_TYPES = ("date", "datetime")
FROM_TODAY = re.compile(r"(?:today|now) *([+-])(\d+)([dwmy])", re.IGNORECASE)
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
    if field is not None and field.type in DAY_TYPES:
        words = {
            ">": env._("%(field)s after %(value)s"),
            ">=": env._("%(field)s on or after %(value)s"),
            "<": env._("%(field)s before %(value)s"),
            "<=": env._("%(field)s on or before %(value)s"),
        }
    else:
        words = {
            ">": env._("%(field)s above %(value)s"),
            ">=": env._("%(field)s of at least %(value)s"),
            "<": env._("%(field)s below %(value)s"),
            "<=": env._("%(field)s of at most %(value)s"),
            "child_of": env._("%(field)s is or belongs to %(value)s"),
        }
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
    elif field is not None and field.type in DAY_TYPES:
        texts = [_day_text(model.env, field, one) for one in values]
    elif field is not None and field.type in NUMBER_TYPES:
        texts = [_number_text(model.env, field, one) for one in values]
    else:
        texts = [str(one) for one in values]
    if len(texts) > FEW:
        texts = [*texts[:FEW], model.env._("and %s more", len(texts) - FEW)]
    return texts


def _day_text(env, field, value):
    """A day; those that move with the calendar (“today -12m”) in words."""
    if not isinstance(value, str):
        return format_date(env, value)
    if value.strip().lower() in ("today", "now"):
        return env._("today (the day it is asked)")
    relative = FROM_TODAY.fullmatch(value.strip())
    if relative:
        sign, number, unit = relative.groups()
        words = {
            "-d": env._("%s days back", number),
            "-w": env._("%s weeks back", number),
            "-m": env._("%s months back", number),
            "-y": env._("%s years back", number),
            "+d": env._("%s days ahead", number),
            "+w": env._("%s weeks ahead", number),
            "+m": env._("%s months ahead", number),
            "+y": env._("%s years ahead", number),
        }
        return words[sign + unit.lower()]
    try:
        return format_date(env, value) if field.type == "date" else format_datetime(env, value)
    except ValueError:
        return value


def _number_text(env, field, value):
    """A number with its thousands set apart; an amount in the company's currency."""
    if isinstance(value, str):
        return value
    if field.type == "monetary":
        return formatLang(env, value, currency_obj=env.company.currency_id)
    return formatLang(env, value, digits=0 if value == int(value) else 2)
