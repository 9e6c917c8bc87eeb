"""Many segments at once: p adjusted after Benjamini and Hochberg."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.differences import Verdict, nps_difference
from metrics.statistics.many_comparisons import adjusted, benjamini_hochberg
from metrics.statistics.nps import nps

# The example of the paper of 1995: four of the fifteen are found at 5 %.
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.0,
]  # fmt: skip


def test_example_of_the_paper():
    answer = benjamini_hochberg(PAPER)
    assert [p < 0.05 for p in answer] == [True] * 4 + [False] * 11
    assert answer[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert answer[5] == answer[6] == pytest.approx(0.063857, abs=1e-6)
    assert answer[-1] == 1


def test_order_of_the_input_is_kept():
    assert benjamini_hochberg([0.04, 0.01]) == pytest.approx([0.04, 0.02])


def test_nothing_stays_nothing():
    assert benjamini_hochberg([]) == []


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.1"):
        benjamini_hochberg([0.5, 1.5])


@given(st.lists(st.floats(0, 1), max_size=40))
def test_adjusting_never_lowers_p_and_keeps_the_order(ps):
    answer = benjamini_hochberg(ps)
    assert all(p <= q + 1e-15 and q <= 1 for p, q in zip(ps, answer, strict=True))
    by_p = [q for _, q in sorted(zip(ps, answer, strict=True))]
    assert by_p == sorted(by_p)


def test_one_real_looking_segment_among_twenty_is_noise():
    rest = nps(4000, 3000, 3000)
    lucky = nps_difference(nps(55, 20, 25), rest)
    assert lucky.verdict is Verdict.REAL
    others = [nps_difference(nps(40, 30, 30), rest)] * 19
    assert adjusted([lucky, *others])[0].verdict is Verdict.WITHIN_NOISE


def test_segments_that_are_too_few_to_compare_do_not_make_it_harder_for_others():
    rest = nps(4000, 3000, 3000)
    good, few = nps_difference(nps(58, 20, 22), rest), nps_difference(nps(4, 3, 3), rest)
    answer = adjusted([few, None, good, few])
    assert answer[1] is None
    assert answer[2].p_adjusted == answer[2].p
    assert answer[0].verdict is Verdict.TOO_FEW
    assert answer[0].p_adjusted is None
