"""A chart with the words that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


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
    # What needs a word beside the picture: (swatch of static/css/data.css, words).
    legend: Sequence[tuple[str, str]] = ()

    @property
    def body(self) -> SafeString:
        """The rows of the table. A chart has a hundred cells, and a template takes longer over them than to draw it."""
        rows = (
            f'<tr><th scope="row">{escape(head)}</th>'
            + "".join(f'<td class="numeric">{escape(cell)}</td>' for cell in cells)
            + "</tr>"
            for head, *cells in self.rows
        )
        return mark_safe("".join(rows))  # noqa: S308  (all words are escaped where they enter)
