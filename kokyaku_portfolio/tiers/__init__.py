"""The rules of the ten tiers (顧客層), in plain Python: readable and testable without Odoo."""

from .rules import (
    ACTIVE_CODES,
    LAPSED_CODES,
    TIER_CODES,
    TierRules,
    tier_of,
)
