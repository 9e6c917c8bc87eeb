"""Hiding figures of fewer than five answers where strangers look: shared, TV and exported views."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from metrics.statistics.sizes import ENOUGH_TO_SHOW

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hidden(Generic[Key]):
    """Which parts of a whole must not be shown, and whether the whole must not either."""

    parts: frozenset[Key]
    whole: bool


def hidden_cells(counts: Mapping[Key, int], *, whole: int | None = None, enough: int = ENOUGH_TO_SHOW) -> Hidden[Key]:
    """What to hide of a whole shown beside its parts (segments, touchpoints, weeks), given the n of each.

    Small parts (fewer than `enough` answers) are hidden. Whoever subtracts the parts shown from the whole gets the
    hidden ones together, so the smallest other parts are hidden as well until that remainder has enough answers,
    which are then of two parts or more. Parts without answers tell nothing and are never hidden.
    `whole` is given when it holds answers outside all parts: these are a part never shown, and protect the
    others or need protection themselves. A small whole is hidden with everything in it. Raises ValueError
    for negative counts and a whole below its parts.

    It protects one whole and its parts. A table with totals of rows and of columns is to be treated in both
    directions.
    """
    total = sum(counts.values()) if whole is None else whole
    outside = total - sum(counts.values())
    if outside < 0 or any(count < 0 for count in counts.values()):
        raise ValueError(f"Parts {sorted(counts.values())} do not make a whole of {total}.")
    by_size = sorted((key for key, count in counts.items() if count), key=counts.__getitem__)
    remainder = outside
    hidden: set[Key] = set()
    for key in by_size:
        if counts[key] >= enough and not 0 < remainder < enough:
            break
        hidden.add(key)
        remainder += counts[key]
    return Hidden(frozenset(hidden), whole=0 < total < enough)
