"""Charts as SVG text, drawn on the server from plain values: no ORM, no clock, no script needed to read them.

Shapes live in an inner drawing that stretches sideways with the page, words in the outer one that does not, so
that type stays 12 px on a phone and on a wide screen. Words (labels, sentences) come from the caller, translated.
"""

from metrics.charts.distribution import ScoreBar, distribution
from metrics.charts.figure import Figure
from metrics.charts.headline_bar import headline_bar
from metrics.charts.palette import DARK, LIGHT, WEB, Palette
from metrics.charts.scale import CES, NPS, SHARE, Scale
from metrics.charts.sparkline import sparkline
from metrics.charts.trend import Annotation, Bucket, trend

__all__ = [
    "CES",
    "DARK",
    "LIGHT",
    "NPS",
    "SHARE",
    "WEB",
    "Annotation",
    "Bucket",
    "Figure",
    "Palette",
    "Scale",
    "ScoreBar",
    "distribution",
    "headline_bar",
    "sparkline",
    "trend",
]
