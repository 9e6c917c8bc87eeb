"""A chart with the words that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What templates/components/chart.html shows: the finding in a sentence, the picture, the same as a table."""

    title: str
    finding: str
    svg: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    csv_url: str = ""
    # The line beneath until pointer or arrow keys choose a bucket (static/js/chart.js): usually the last bucket's
    # `say`. Empty: there is nothing to choose.
    resting: str = ""
