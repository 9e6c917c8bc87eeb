"""Cells of fewer than five answers stay hidden, also from whoever can subtract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.statistics.small_cells import hidden_cells

cells = st.dictionaries(st.integers(0, 20), st.integers(0, 12), max_size=8)


def test_large_cells_are_shown():
    assert hidden_cells({"Berlin": 5, "Bonn": 40}).parts == frozenset()


def test_a_small_cell_is_hidden_with_the_smallest_other_one():
    hidden = hidden_cells({"Berlin": 3, "Bonn": 40, "Köln": 9})
    assert hidden.parts == {"Berlin", "Köln"}
    assert not hidden.whole


def test_two_small_cells_protect_each_other():
    assert hidden_cells({"a": 3, "b": 4, "c": 40}).parts == {"a", "b"}


def test_two_small_cells_of_four_answers_together_need_a_third():
    assert hidden_cells({"a": 2, "b": 2, "c": 40, "d": 50}).parts == {"a", "b", "c"}


def test_an_empty_cell_tells_nothing_and_protects_nothing():
    assert hidden_cells({"a": 0, "b": 3, "c": 40}).parts == {"b", "c"}


def test_answers_outside_all_parts_protect_a_small_one():
    assert hidden_cells({"a": 3, "b": 40}, whole=60).parts == {"a"}


def test_few_answers_outside_all_parts_are_protected_too():
    assert hidden_cells({"a": 30, "b": 40}, whole=72).parts == {"a"}


def test_a_small_whole_is_hidden_with_its_parts():
    hidden = hidden_cells({"a": 3, "b": 1})
    assert hidden.whole
    assert hidden.parts == {"a", "b"}


def test_nothing_hides_nothing():
    hidden = hidden_cells({})
    assert (hidden.parts, hidden.whole) == (frozenset(), False)


def test_parts_above_their_whole_are_refused():
    with pytest.raises(ValueError, match="whole of 3"):
        hidden_cells({"a": 4}, whole=3)
    with pytest.raises(ValueError, match="whole"):
        hidden_cells({"a": -1})


@given(cells, st.integers(0, 12))
def test_subtraction_never_reveals_a_small_cell(counts, outside):
    whole = sum(counts.values()) + outside
    hidden = hidden_cells(counts, whole=whole)
    shown = [count for key, count in counts.items() if key not in hidden.parts]
    assert all(count == 0 or count >= 5 for count in shown)
    if hidden.whole:
        return
    unseen = [counts[key] for key in hidden.parts] + [outside] * bool(outside)
    assert whole - sum(shown) == sum(unseen)
    if any(count < 5 for count in unseen):
        assert len(unseen) >= 2
        assert sum(unseen) >= 5


@given(cells, st.integers(0, 12))
def test_the_whole_is_hidden_exactly_when_it_is_small(counts, outside):
    whole = sum(counts.values()) + outside
    assert hidden_cells(counts, whole=whole).whole == (0 < whole < 5)


def test_what_is_about_people_may_need_more():
    assert hidden_cells({"Ana": 9, "Ben": 12, "Cem": 40}, enough=10).parts == {"Ana", "Ben"}
    assert hidden_cells({"Ana": 9}, enough=10).whole
