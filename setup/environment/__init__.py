"""Brings Odoo 19 and the add-ons of this checkout to life. Standard library only.

Everything lives in the git-ignored folder ``.local`` of the checkout; downloads are kept in the
user's cache folder, so that the next checkout fetches nothing again.
"""
