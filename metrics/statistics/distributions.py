"""The normal distribution and Student's t, from the standard library alone.

scipy would answer these few questions too, for tens of megabytes in each web and worker process.
"""

from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

from metrics.statistics.interval import CONFIDENCE

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""1.959964: 95 % of a normal distribution lie within so many standard errors."""


def normal_p(z: float) -> float:
    """Two-sided p of a standard normal statistic, 0..1, precise far into the tail."""
    return erfc(abs(z) / sqrt(2))


def t_p(t: float, degrees: float) -> float:
    """Two-sided p of Student's t with `degrees` > 0 of freedom (need not be whole), 0..1.

    P(|T| > t) = I_x(degrees / 2, 1 / 2) with x = degrees / (degrees + t^2): Abramowitz and Stegun 26.7.1,
    26.5.27.
    """
    if not degrees > 0:
        raise ValueError(f"Student's t needs more than 0 degrees of freedom, not {degrees}.")
    if degrees == inf:
        return normal_p(t)
    return regularized_beta(degrees / 2, 0.5, x=degrees / (degrees + t * t), rest=t * t / (degrees + t * t))


@lru_cache(maxsize=4096)
def t_quantile(degrees: float) -> float:
    """How many standard errors hold 95 % of Student's t with `degrees` > 0 of freedom: 12.7 with 1.

    Newton's method from the normal quantile. The tail is convex and the normal one is lighter, so that every
    step comes from below and none goes too far.
    """
    t, wanted = Z, 1 - CONFIDENCE
    for _ in range(200):
        step = (t_p(t, degrees) - wanted) / (2 * _t_density(t, degrees))
        t += step
        if abs(step) <= 1e-13 * t:
            break
    return t


def _t_density(t: float, degrees: float) -> float:
    if degrees == inf:
        return exp(-t * t / 2) / sqrt(2 * pi)
    logarithm = lgamma((degrees + 1) / 2) - lgamma(degrees / 2) - log(degrees * pi) / 2
    return exp(logarithm - (degrees + 1) / 2 * log1p(t * t / degrees))


def regularized_beta(a: float, b: float, *, x: float, rest: float) -> float:
    """The incomplete beta function I_x(a, b), 0..1, for a, b > 0, 0 <= x <= 1 and rest = 1 - x.

    `rest` is given apart, as 1 - x loses its digits when x is next to 1. Continued fraction DLMF 8.17.22.
    """
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, rest) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Evaluated by Lentz's method, as modified by Thompson and Barnett (1986)."""
    tiny = 1e-300
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d, tiny)
            c = _not_zero(1 + term / c, tiny)
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            return value
    raise ArithmeticError(f"The incomplete beta function did not settle for a={a}, b={b}, x={x}.")


def _not_zero(number: float, tiny: float) -> float:
    return number if abs(number) > tiny else tiny
