"""Rules of calendar days, in plain Python.

``birthday``  age, and when the next birthday is.
``spans``     spans of days with open ends, and which of them overlap.
``year_in_name``  the year in a name, and the same name a year later.

Nothing here knows Odoo; everything is a function from dates to answers.
"""

from .birthday import age_on, next_birthday
from .spans import covers, first_overlap, overlap
from .year_in_name import next_year

__all__ = ["age_on", "covers", "first_overlap", "next_birthday", "next_year", "overlap"]
