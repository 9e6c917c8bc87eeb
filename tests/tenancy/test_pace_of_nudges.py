"""A nudge starts its sweep at once; a burst becomes a few nudges, and a crowd fewer still."""

from itertools import pairwise

from tenancy.background import LONGEST_NUDGE_SECONDS, NUDGE_SECONDS, _Pace


def starts(moments) -> list[float]:
    """The moments at which sweeps start, for calls at these moments."""
    pace = _Pace()
    return [now + delay for now in moments if (delay := pace.delay(now)) is not None]


def test_single_nudges_start_at_once():
    assert starts([10.0, 11.0, 30.0]) == [10.0, 11.0, 30.0]


def test_second_of_a_burst_waits_and_the_others_ride_along():
    assert starts([10.0, 10.01, 10.02, 10.1]) == [10.0, 10.0 + NUDGE_SECONDS]


def test_every_call_is_followed_by_a_start():
    moments = [10 + number * 0.004 for number in range(2000)]
    begun = starts(moments)
    assert all(any(moment <= start <= moment + LONGEST_NUDGE_SECONDS for start in begun) for moment in moments)


def test_a_crowd_is_served_in_larger_batches_and_the_pace_recovers():
    begun = starts([10 + number * 0.004 for number in range(2000)])
    gaps = [after - before for before, after in pairwise(begun)]
    assert max(gaps) <= LONGEST_NUDGE_SECONDS + 0.01
    assert gaps[-2] > 4 * NUDGE_SECONDS
    pace = _Pace()
    for number in range(2000):
        pace.delay(10 + number * 0.004)
    assert pace.delay(30.0) == 0
    assert pace.delay(30.01) is not None
    assert pace.every == NUDGE_SECONDS
