"""When an organization's days begin at another moment, every answer is counted on its new day, at once and for good."""

from datetime import UTC, date, datetime

from metrics.models import DailyScore, DirtyDay
from metrics.reading import Slice, read
from metrics.rollup import refresh_batch
from surveys.models import Response
from tenancy.organizations import change_organization
from tests.metrics.answers import answer, make_survey

LATE = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)  # 23:30 in Berlin, already the 11th in Dubai


def days() -> dict[date, int]:
    reading = read(Slice("nps", 11), first=date(2026, 3, 1), last=date(2026, 3, 31))
    return {day: tally.n for day, tally in reading.by_bucket.items()}


def test_answers_move_to_their_new_days(world):
    home = world.home
    with home.scope():
        answer(make_survey(), [9])
        Response.objects.update(responded_at=LATE)
        DirtyDay.objects.update(day=date(2026, 3, 10))
        refresh_batch(home.organization.id)
        assert days() == {date(2026, 3, 10): 1}
        change_organization(home.organization, values={"time_zone": "Asia/Dubai"}, by=home.ana)
        assert days() == {date(2026, 3, 11): 1}
        while refresh_batch(home.organization.id):
            pass
        assert days() == {date(2026, 3, 11): 1}
        assert not DailyScore.objects.filter(day=date(2026, 3, 10)).exists()
        assert not DirtyDay.objects.exists()
