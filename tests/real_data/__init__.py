"""Independent computations of the portfolio, and the real data to hold against them."""
