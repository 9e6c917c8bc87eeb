"""Callers of one moment share a transaction: each gets its own outcome, and one bad item spoils nothing but itself."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tenancy import combining
from tenancy.combining import Combiner, GaveUpWaiting


class Work:
    """Doubles numbers, slowly; remembers its batches. A negative number is refused, `13` ends the process."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[int]]] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, key: str, items: list[int]) -> list[int]:
        self.batches.append((key, list(items)))
        self.gate.wait(10)
        if any(item < 0 for item in items):
            raise ValueError("negative")
        if 13 in items:
            raise SystemExit
        return [2 * item for item in items]


@pytest.fixture
def work():
    return Work()


def in_threads(combiner: Combiner, work: Work, items: list[int], key: str = "home") -> list:
    """What became of each: the first works alone, and the others come while it does."""
    work.gate.clear()

    def outcome(item):
        try:
            return combiner.do(key, item)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(len(items)) as pool:
        first = pool.submit(outcome, items[0])
        until(lambda: work.batches)
        others = [pool.submit(outcome, item) for item in items[1:]]
        until(lambda: len(combiner._waiting[key]) == len(others))
        work.gate.set()
        return [future.result(20) for future in [first, *others]]


def until(condition) -> None:
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to pass")


def test_who_is_alone_works_at_once(work):
    combiner = Combiner(work)
    assert [combiner.do("home", item) for item in (1, 2)] == [2, 4]
    assert work.batches == [("home", [1]), ("home", [2])]
    assert combiner._waiting == {}


def test_who_comes_meanwhile_is_taken_along_and_gets_its_own_outcome(work):
    combiner = Combiner(work)
    assert in_threads(combiner, work, [1, 2, 3, 4, 5]) == [2, 4, 6, 8, 10]
    assert [len(items) for _, items in work.batches] == [1, 4]
    assert combiner._waiting == {}


def test_a_batch_has_a_bound(work, monkeypatch):
    monkeypatch.setattr(combining, "MOST", 2)
    assert in_threads(Combiner(work), work, [1, 2, 3, 4, 5, 6]) == [2, 4, 6, 8, 10, 12]
    assert max(len(items) for _, items in work.batches) == 2


def test_one_bad_item_spoils_nothing_but_itself(work):
    combiner = Combiner(work)
    first, second, bad, last = in_threads(combiner, work, [1, 2, -3, 4])
    assert (first, second, last) == (2, 4, 8)
    assert isinstance(bad, ValueError)
    assert combiner._waiting == {}


def test_keys_do_not_wait_for_each_other(work):
    combiner = Combiner(work)
    work.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        home, other = pool.submit(combiner.do, "home", 1), pool.submit(combiner.do, "other", 2)
        until(lambda: len(work.batches) == 2)
        work.gate.set()
        assert (home.result(10), other.result(10)) == (2, 4)
    assert {key for key, _ in work.batches} == {"home", "other"}


def test_who_worked_for_others_and_was_stopped_leaves_nobody_waiting(work):
    combiner = Combiner(work)
    outcomes = in_threads(combiner, work, [1, 13, 3])
    assert outcomes[0] == 2
    assert [type(outcome) for outcome in outcomes[1:]].count(SystemExit) == 1
    assert all(isinstance(outcome, SystemExit | GaveUpWaiting) for outcome in outcomes[1:])
    assert combiner.do("home", 5) == 10


def test_nobody_waits_for_ever(work, monkeypatch):
    monkeypatch.setattr(combining, "PATIENCE_SECONDS", 0.1)
    combiner = Combiner(work)
    work.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(combiner.do, "home", 1)
        until(lambda: work.batches)
        with pytest.raises(GaveUpWaiting):
            combiner.do("home", 2)
        work.gate.set()
        assert leader.result(10) == 2
    assert combiner.do("home", 3) == 6
    assert [2] not in [items for _, items in work.batches]


def test_a_thousand_calls_of_many_threads(work):
    combiner = Combiner(work)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda item: combiner.do(f"k{item % 3}", item), range(100, 1100)))
    assert outcomes == [2 * item for item in range(100, 1100)]
    assert sum(len(items) for _, items in work.batches) == 1000
    assert combiner._waiting == {}
