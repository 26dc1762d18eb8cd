"""Who of many may be one and the same: groups of people that share a number, an address …"""

from collections import defaultdict


def joined(groups):
    """Return the groups that hang together as one, each sorted; the smallest first.

    >>> joined([[3, 1], [1, 7], [4, 5]])
    [[1, 3, 7], [4, 5]]
    """
    above = {}

    def top(one):
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for first, *others in filter(None, groups):
        for other in others:
            one, two = sorted((top(first), top(other)))
            above[two] = one
        top(first)
    together = defaultdict(list)
    for one in sorted(above):
        together[top(one)].append(one)
    return sorted(together.values())


def without_colleagues(people):
    """Return who may be one person, of people that share a telephone number or an e-mail
    address: colleagues at one office share it too, and are not, unless they share the name.

    :param people: list of (id, name, house): house is what they work for, or None
    :return: list of lists of ids

    >>> without_colleagues([(1, "田中", 9), (2, "佐藤", 9), (3, "田中", None)])
    [[1, 3]]
    >>> without_colleagues([(1, "田中一郎", None), (2, "田中花子", None)])
    [[1, 2]]
    """
    names = defaultdict(set)
    for _id, name, house in people:
        names[house].add(name)
    same_name, others = defaultdict(list), []
    for id_, name, house in people:
        same_name[name].append(id_)
        if house is None or len(names[house]) == 1:
            others.append(id_)
    return [group for group in joined([*same_name.values(), others]) if len(group) > 1]
