"""Scores with their uncertainty, as pure arithmetic on counts: no ORM, no clock, no numpy.

Every figure knows its `n`, its plain `value` (an exact fraction, for rounding) and its 95 % `interval`.
NPS is in points (-100..100), shares in per cent (0..100), means in points of their scale.

    counts -> nps.py shares.py means.py satisfaction.py rates.py lifetime_value.py
    two of them -> differences.py (is the change real?), many at once -> many_comparisons.py
    over time -> series.py, change_points.py (since when is it another score?), forecasting.py (where will it be?)
    what may be shown -> sizes.py small_cells.py smoothing.py, as text -> rounding.py
"""
