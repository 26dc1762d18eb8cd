"""Rules of what a customer may type into our public forms, in plain Python.

``clean``  makes of a typed text a value fit to be stored, or says what is wrong with it.

Nothing here knows Odoo. Mistakes are codes, not sentences; whoever shows them translates.
"""

from .clean import clean_form, clean_value, mask_email

__all__ = ["clean_form", "clean_value", "mask_email"]
