"""Measures of a higher floor that belong together: read at once over a period, whole and by their own breakdowns.

A floor above registers a Family when it starts; the API and pages of any floor read it here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from metrics.statistics.differences import Difference, share_difference
from metrics.statistics.quantiles import Quantile
from metrics.statistics.shares import Share

PeriodFigure = Share | Quantile


@dataclass(frozen=True)
class PeriodMeasure:
    """A defined number of a period. `unit` is percent (a Share) or hours (a Quantile)."""

    key: str
    label: str
    unit: str
    definition: str
    # Whether more is better: what a page may call good.
    is_more_better: bool = True

    def difference(self, first: PeriodFigure, second: PeriodFigure) -> Difference | None:
        """Of two shares that do not overlap; None for quantiles, whose intervals are shown side by side."""
        return share_difference(first, second) if isinstance(first, Share) and isinstance(second, Share) else None


@dataclass(frozen=True)
class Cell:
    """The figures of one part, by measure. `key` is empty for what belongs to no part of the breakdown."""

    key: str
    name: str
    figures: Mapping[str, PeriodFigure]
    # How many things (follow-ups, say) the part holds in all.
    size: int = 0
    # Measures that rest on too little to be shown, or would give away those that do: no n, no value.
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FamilyReading:
    """The whole, and by breakdown its parts, the largest first."""

    whole: Cell
    by: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True)
class Family:
    """`breakdowns` maps key to label; `read(first, last)` runs in the scope of the organization."""

    key: str
    label: str
    measures: Sequence[PeriodMeasure]
    breakdowns: Mapping[str, str]
    read: Callable[[date, date], FamilyReading]


families: dict[str, Family] = {}


def register_family(family: Family) -> None:
    families[family.key] = family
