"""Many comparisons at once: among forty segments two look "real" by chance alone, unless p is adjusted."""

from collections.abc import Sequence
from dataclasses import replace

from metrics.statistics.differences import Difference, Verdict


def adjusted(differences: Sequence[Difference | None]) -> list[Difference | None]:
    """The same differences in the same order, those with enough answers to be compared with `p_adjusted`."""
    answer = list(differences)
    tested = [
        (place, one) for place, one in enumerate(differences) if one is not None and one.verdict is not Verdict.TOO_FEW
    ]
    for (place, one), p in zip(tested, benjamini_hochberg([one.p for _, one in tested]), strict=True):
        answer[place] = replace(one, p_adjusted=p)
    return answer


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """p values adjusted for the false discovery rate, 0..1, in the order given.

    Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57(1), 1995: of the comparisons
    whose adjusted p is below .05, at most 5 % are expected to be chance. Raises ValueError for a p outside
    0..1.
    """
    wrong = [p for p in ps if not 0 <= p <= 1]
    if wrong:
        raise ValueError(f"A p value lies in 0..1, not {wrong[0]}.")
    answer, lowest = [1.0] * len(ps), 1.0
    for rank, place in sorted(enumerate(sorted(range(len(ps)), key=ps.__getitem__), start=1), reverse=True):
        lowest = min(lowest, ps[place] * len(ps) / rank)
        answer[place] = lowest
    return answer
