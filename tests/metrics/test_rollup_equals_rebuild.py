"""Whatever happens to answers and in whatever order: increments, rebuild and counting by hand give the same."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.dirty_days import mark_days
from metrics.models import DailyScore, DirtyDay
from metrics.reading import Slice, read
from metrics.rollup import rebuild, refresh_batch, refresh_days
from surveys.models import Response, Survey, SurveyVersion

ZONE = ZoneInfo("Europe/Berlin")
# Days around a clock change, where a day has 23 hours.
FIRST = date(2026, 3, 26)
DAYS = [FIRST + timedelta(days=offset) for offset in range(6)]
NPS = Slice("nps", 11)

moments = st.datetimes(datetime(2026, 3, 26), datetime(2026, 3, 31, 20)).map(lambda naive: naive.replace(tzinfo=UTC))
steps = st.one_of(
    st.tuples(st.just("answer"), moments, st.integers(0, 10), st.booleans(), st.integers(0, 2)),
    st.tuples(st.just("edit"), st.integers(0, 30), st.integers(0, 10)),
    st.tuples(st.just("erase"), st.integers(0, 30)),
    st.tuples(st.just("refresh"), st.integers(0, 5)),
    st.tuples(st.just("read")),
)


@pytest.fixture
def survey(world):
    with world.home.scope():
        survey = Survey.objects.create(name="Loyalty", kind="relational", measure="nps", points=11, state="live")
        SurveyVersion.objects.create(survey=survey, number=1, published_at=datetime(2026, 1, 1, tzinfo=UTC))
        yield survey


class Machine:
    """Plays the steps as the product does: each change of an answer marks its day."""

    def __init__(self, survey, touchpoints):
        self.survey, self.touchpoints, self.answers = survey, touchpoints, []
        self.version = survey.versions.get()

    def answer(self, at, score, has_verbatim, place):
        self.answers.append(
            Response.objects.create(
                survey=self.survey,
                version=self.version,
                touchpoint=self.touchpoints[place],
                channel="email",
                measure="nps",
                score=score,
                group="passive",
                has_verbatim=has_verbatim,
                responded_at=at,
                submission_key=f"api:{len(self.answers)}",
            )
        )
        self._mark(self.answers[-1])

    def edit(self, which, score):
        if self.answers:
            answer = self.answers[which % len(self.answers)]
            answer.score = score
            answer.save()
            self._mark(answer)

    def erase(self, which):
        """What erasure leaves: the score, without the words."""
        if self.answers:
            answer = self.answers[which % len(self.answers)]
            answer.has_verbatim, answer.customer = False, None
            answer.save()
            self._mark(answer)

    def refresh(self, which):
        refresh_days([DAYS[which]])

    def read(self):
        reading = read(NPS, first=DAYS[0], last=DAYS[-1])
        by_hand = Counter(answer.score for answer in self.answers)
        assert reading.whole.by_score == dict(by_hand)
        assert reading.whole.comments == sum(answer.has_verbatim for answer in self.answers)
        for day, tally in reading.by_bucket.items():
            assert tally.n == sum(answer.responded_at.astimezone(ZONE).date() == day for answer in self.answers)

    def _mark(self, answer):
        mark_days({answer.responded_at.astimezone(ZONE).date()})


def rows():
    fields = ("survey_id", "touchpoint_id", "channel", "day", "measure", "counts", "comments", "delivered", "answered")
    return sorted(map(str, DailyScore.objects.values_list(*fields)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=25))
def test_increments_rebuild_and_counting_by_hand_agree(world, survey, script):
    for leftover in (Response, DailyScore, DirtyDay):
        leftover.objects.all().delete()
    machine = Machine(survey, [None, world.home.delivery, world.home.support])
    for name, *arguments in script:
        getattr(machine, name)(*arguments)
    machine.read()
    while refresh_batch(world.home.organization.id):
        pass
    assert not DirtyDay.objects.exists()
    machine.read()
    counted = rows()
    rebuild()
    assert rows() == counted
    machine.read()


def test_an_answer_is_in_the_next_reading_before_any_refresh(world, survey):
    machine = Machine(survey, [None])
    machine.answer(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 9, True, 0)
    assert not DailyScore.objects.exists()
    machine.read()


def test_an_answer_just_after_local_midnight_counts_on_the_new_day(world, survey):
    machine = Machine(survey, [None])
    machine.answer(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 9, False, 0)
    machine.answer(datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), 2, False, 0)
    refresh_batch(world.home.organization.id)
    reading = read(NPS, first=DAYS[0], last=DAYS[-1])
    assert {day: tally.by_score for day, tally in reading.by_bucket.items()} == {
        date(2026, 3, 28): {2: 1},
        date(2026, 3, 29): {9: 1},
    }


def test_reading_takes_three_queries(world, survey, django_assert_max_num_queries):
    machine = Machine(survey, [None, world.home.delivery])
    for number in range(12):
        machine.answer(datetime(2026, 3, 26 + number % 4, 12, tzinfo=UTC), number % 11, False, number % 2)
    with django_assert_max_num_queries(3):
        read(NPS, first=DAYS[0], last=DAYS[-1], unit="week")
