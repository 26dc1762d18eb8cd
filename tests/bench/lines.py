"""The lines of the table, in its order."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from .bulk_editing import bulk_edit
from .customers import import_customers
from .filing import labels, workbook
from .importing import import_sales
from .linking import link_sales
from .opening import person_page
from .refreshing import Refreshing
from .searching import name_search
from .selecting import execute, set_build, set_combine, set_compare, set_rebuild
from .serving import board, tier_list


@dataclass
class Kind:
    """How a line is measured: a function of (database, size, repeats) that gives a Line."""

    measure: Any
    sizes: str = "SML"

    def applies(self, size):
        return size in self.sizes


def _refresh(method, database, size, repeats):
    return getattr(Refreshing(database, size, repeats), method)()


LINES = {
    "refresh_full": Kind(partial(_refresh, "full")),
    "rank": Kind(partial(_refresh, "rank")),
    "refresh_next_day": Kind(partial(_refresh, "next_day"), sizes="ML"),
    "refresh_changed": Kind(partial(_refresh, "changed")),
    "board": Kind(board),
    "tier_list": Kind(tier_list),
    "workbook": Kind(workbook, sizes="SM"),
    "person_page": Kind(person_page),
    "name_search": Kind(name_search),
    "set_build": Kind(set_build),
    "set_rebuild": Kind(set_rebuild),
    "set_combine": Kind(set_combine),
    "set_compare": Kind(set_compare),
    "execute": Kind(execute),
    "bulk_edit": Kind(bulk_edit),
    "import_sales": Kind(import_sales),
    "import_customers": Kind(import_customers),
    "link_sales": Kind(link_sales),
    "labels": Kind(labels, sizes="SM"),
}
