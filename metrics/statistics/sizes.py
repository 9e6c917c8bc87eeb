"""How many answers it takes to show a figure and to compare two, and how many weighted answers amount to."""

ENOUGH_TO_COMPARE = 30
"""Below it there is no arrow and no verdict: "too few to compare"."""

ENOUGH_TO_SHOW = 5
"""Below it a figure is hidden in shared, TV and exported views: it could be traced to a person."""


def effective_n(*, weights: float, squares: float) -> float:
    """How many equal answers tell as much as these: (sum of w)^2 / sum of w^2 (Kish 1965).

    Takes the sum of the weights and the sum of their squares. Raises ValueError when one is negative, or when
    only one of them is 0.
    """
    if weights < 0 or squares < 0 or (weights == 0) != (squares == 0):
        raise ValueError(f"Weights cannot sum up to {weights} and their squares to {squares}.")
    return weights * weights / squares if squares else 0.0
