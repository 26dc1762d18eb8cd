from . import test_portfolio_labels
