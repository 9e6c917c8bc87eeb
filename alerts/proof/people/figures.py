"""Load, promises and recovery by person: shares drawn toward the mean of those beside them, hidden while they rest on
too little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from alerts.models import FollowUp, TeamMember
from alerts.proof.measures.counting import LoopCounts, count_loops_by_owner
from alerts.queues import is_overdue
from metrics.statistics.shares import Share
from metrics.statistics.shrinkage import Shrunk, places, shrunk
from tenancy.models import User

# Below it a share says more about chance than about a person.
ENOUGH = 10


@dataclass(frozen=True)
class PersonFigures:
    """One person. What rests on fewer than ENOUGH is None; `places` is the best and worst that recovery allows."""

    user: User
    open: int
    overdue: int
    counts: LoopCounts
    contacted: Share | None
    resolved: Share | None
    recovery: Shrunk | None
    places: tuple[int, int] | None = None

    @property
    def answered(self) -> int:
        return self.counts.answered


@dataclass(frozen=True)
class PeopleFigures:
    """All lines, by name, and the recovery of these people together: None where it gave away what is hidden."""

    people: Sequence[PersonFigures]
    all: Share | None
    ranked: int


def people_figures(people: Sequence[User], start: datetime, end: datetime, *, at: datetime) -> PeopleFigures:
    """Of these people, the follow-ups opened from `start` until before `end`. Two queries for any number, one more for
    one person.

    They are drawn toward the mean of one another, and places are among them; one person alone is drawn toward those
    they share a team with. So a lead and an admin who look at the same team see the same.
    """
    counts = count_loops_by_owner(start, end, at=at)
    loads = _loads(at)
    shown = [user.pk for user in people]
    beside = shown if len(shown) > 1 else sorted({*shown, *_colleagues(shown)})
    owners = [owner for owner in beside if owner in counts]
    shares = [Share(counts[owner].recovered, counts[owner].answered) for owner in owners]
    drawn = dict(zip(owners, shrunk(shares), strict=True))
    ranked = [owner for owner in shown if owner in drawn and counts[owner].answered >= ENOUGH]
    placed = dict(zip(ranked, places([drawn[owner].interval for owner in ranked]), strict=True))
    rows = [_person(user, counts.get(user.pk, LoopCounts()), loads, drawn, placed) for user in people]
    return PeopleFigures(rows, _together(rows), len(ranked))


def _colleagues(people: Sequence[UUID]) -> set[UUID]:
    """Whoever is in a team with these people. One query."""
    teams = TeamMember.objects.filter(user__in=people).values("team")
    return set(TeamMember.objects.filter(team__in=teams).values_list("user_id", flat=True))


def _together(rows: Sequence[PersonFigures]) -> Share | None:
    """Of everybody in the table; None while whoever subtracts those shown would know what the others' rests on."""
    hidden = sum(each.answered for each in rows if each.recovery is None)
    if 0 < hidden < ENOUGH:
        return None
    return Share(sum(each.counts.recovered for each in rows), sum(each.answered for each in rows))


def _person(
    user: User,
    counts: LoopCounts,
    loads: Mapping[UUID, tuple[int, int]],
    drawn: Mapping[UUID, Shrunk],
    placed: Mapping[UUID, tuple[int, int]],
) -> PersonFigures:
    is_enough = counts.answered >= ENOUGH
    open_count, overdue = loads.get(user.pk, (0, 0))
    return PersonFigures(
        user=user,
        open=open_count,
        overdue=overdue,
        counts=counts,
        contacted=_enough(Share(counts.contact_kept, counts.contact_decided)),
        resolved=_enough(Share(counts.resolution_kept, counts.resolution_decided)),
        recovery=drawn.get(user.pk) if is_enough else None,
        places=placed.get(user.pk),
    )


def _enough(share: Share) -> Share | None:
    return share if share.n >= ENOUGH else None


def _loads(at: datetime) -> dict[UUID, tuple[int, int]]:
    """(open, overdue) now by owner. One query."""
    active = FollowUp.objects.active().filter(owner__isnull=False).order_by()
    rows = active.values_list("owner").annotate(open=Count("pk"), late=Count("pk", filter=is_overdue(at)))
    return {owner: (count, late) for owner, count, late in rows}
