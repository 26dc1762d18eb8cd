from . import (
    test_board,
    test_board_days,
    test_board_tour,
    test_changes,
    test_partner_fields,
    test_portfolio_rules,
    test_printed_sample,
    test_rank,
    test_refresh,
    test_run,
    test_tier_rules,
)
