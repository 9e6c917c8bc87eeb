"""What a score means on each scale, and how scores are read as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring import SCALES, Group, group_of, group_word, is_bad, parse_score, scale_of

P, N, D = Group.PROMOTER, Group.PASSIVE, Group.DETRACTOR


@pytest.mark.parametrize(
    ("measure", "points", "low", "groups"),
    [
        ("nps", None, 0, [D] * 7 + [N] * 2 + [P] * 2),
        ("csat", None, 1, [D, D, N, P, P]),
        ("csat", 5, 1, [D, D, N, P, P]),
        ("csat", 7, 1, [D, D, D, N, N, P, P]),
        ("ces", None, 1, [D, D, D, N, P, P, P]),
    ],
)
def test_groups_of_every_score(measure, points, low, groups):
    scale = scale_of(measure, points)
    assert list(scale.scores) == list(range(low, low + len(groups)))
    assert [group_of(measure, score, points) for score in scale.scores] == groups
    assert [is_bad(measure, score, points) for score in scale.scores] == [group is D for group in groups]


def test_scores_in_a_group():
    assert scale_of("nps").scores_in(Group.PROMOTER) == (9, 10)
    assert scale_of("csat", 7).scores_in(Group.PASSIVE) == (4, 5)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("nps", ["Promoter", "Passive", "Detractor"]),
        ("csat", ["Satisfied", "Neutral", "Dissatisfied"]),
        ("ces", ["Easy", "Neutral", "Difficult"]),
    ],
)
def test_groups_are_called_by_the_words_of_their_measure(measure, words):
    assert [group_word(measure, group) for group in Group] == words
    assert group_word(measure, "detractor") == words[-1]


def test_groups_are_stored_as_plain_words():
    assert [str(group) for group in Group] == ["promoter", "passive", "detractor"]


@pytest.mark.parametrize("value", [9, 9.0, Decimal("9.00"), "9", " 9 ", "9.0", "9,0", "+9", "09", "٩"])
def test_a_score_is_read_as_people_write_it(value):
    assert parse_score("nps", value) == 9


@pytest.mark.parametrize(
    "value",
    [11, -1, "11", "-1", 9.5, "9.5", "eleven", "9/10", "1e1", "9_0", "9 0", "٫", "9.", True, [9], {}, "9" * 5000,
     float("nan"), float("inf"), Decimal("sNaN"), Decimal("1e999999999")],
)  # fmt: skip
def test_anything_else_is_refused_with_the_rule(value):
    with pytest.raises(ValueError, match="must be a whole number from 0 to 10, not “") as refusal:
        parse_score("nps", value)
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_score_is_named_as_missing(value):
    with pytest.raises(ValueError, match="missing; it must be a whole number from 1 to 5"):
        parse_score("csat", value)


def test_the_scale_decides_what_is_too_high():
    assert parse_score("csat", "7", points=7) == 7
    with pytest.raises(ValueError, match="from 1 to 5, not “7”"):
        parse_score("csat", "7")


def test_a_score_outside_the_scale_has_no_group():
    with pytest.raises(ValueError, match="from 1 to 7, not “0”"):
        group_of("ces", 0)


def test_unknown_measures_and_points_are_refused():
    with pytest.raises(ValueError, match="one of nps, csat, ces, not “stars”"):
        scale_of("stars")
    with pytest.raises(ValueError, match="csat has 5 or 7 points, not 10"):
        scale_of("csat", 10)


@given(st.sampled_from(sorted(SCALES)), st.one_of(st.text(max_size=12), st.floats(), st.decimals(), st.integers()))
def test_reading_gives_a_score_of_the_scale_or_a_value_error(measure, value):
    try:
        score = parse_score(measure, value)
    except ValueError as refusal:
        assert str(refusal).startswith("A score")
    else:
        assert score in scale_of(measure).scores
        assert parse_score(measure, score) == score
