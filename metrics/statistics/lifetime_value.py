"""Customer lifetime value."""

from fractions import Fraction
from typing import Literal

from metrics.statistics.rounding import Number


def clv(
    *,
    margin: Number,
    retention: Number,
    discount: Number,
    first_margin: Literal["now", "after_renewal"],
) -> Fraction:
    """What a contractual customer is worth today, in the currency of `margin` (earned each period).

    `retention` (0..1) is the share of customers who stay for the next period, `discount` (0 or more) the
    rate per period. m (1 + d) / (1 + d - r) when the first margin is received now, m r / (1 + d - r) when
    after the first renewal: Fader and Hardie, "Customer-base valuation in a contractual setting", Marketing
    Science 29(1), 2010. Raises ValueError outside these ranges, and when nobody leaves and nothing is
    discounted, as the sum is then endless.
    """
    m, r, d = Fraction(margin), Fraction(retention), Fraction(discount)
    if not 0 <= r <= 1:
        raise ValueError(f"Retention must lie in 0..1, not {retention}.")
    if d < 0:
        raise ValueError(f"The discount rate must be 0 or more, not {discount}.")
    if 1 + d == r:
        raise ValueError("With full retention and no discount the lifetime value is endless.")
    received = m * (1 + d) if first_margin == "now" else m * r
    return received / (1 + d - r)
