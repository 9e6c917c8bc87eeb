"""Lines of people in words: a place is a span, and who cannot be told apart shares it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from alerts.models import Team
from alerts.proof.measures.counting import LoopCounts
from alerts.proof.people.figures import ENOUGH, PeopleFigures, PersonFigures
from alerts.proof.section import Timespan
from metrics.dashboard.words import count_words
from metrics.statistics.interval import Interval
from metrics.statistics.rounding import plain
from metrics.statistics.shares import Share


@dataclass(frozen=True)
class ShownShare:
    """A share with its interval and base, or why there is none."""

    value: str
    detail: str
    is_few: bool = False


@dataclass(frozen=True)
class ShownPerson:
    name: str
    href: str
    open: str
    overdue: str
    contacted: ShownShare
    resolved: ShownShare
    recovery: ShownShare
    place: str


def shown_people(figures: PeopleFigures, *, slug: str, may_open: Mapping[object, bool]) -> list[ShownPerson]:
    return [_shown(each, figures.ranked, slug, may_open.get(each.user.pk, False)) for each in figures.people]


def mean_words(figures: PeopleFigures) -> str:
    """ "62 % of 230"; empty where there is nothing, or for one person, or where it is not to be known."""
    together = figures.all
    if len(figures.people) < 2 or together is None or together.value is None:
        return ""
    return f"{plain(together.value)} % of {count_words(together.n)}"


def team_tabs(teams: Sequence[Team], current: Team | None, span: Timespan) -> list[tuple[str, str, bool, None]]:
    """Everybody one may see, and each team; none without teams."""
    everybody = ("Everybody", span.address(team=""), current is None, None)
    mine = [(each.name, span.address(team=str(each.pk)), each == current, None) for each in teams]
    return [everybody, *mine] if mine else []


def result_words(counts: LoopCounts) -> str:
    """What came of asking again, as the measures count it; empty while it rests on too little."""
    if counts.answered < ENOUGH:
        return ""
    named = {
        "recovered": counts.recovered,
        "unchanged": counts.unchanged,
        "worse": counts.worse,
        "well before and after": counts.stayed_well,
        "silent": counts.silent,
    }
    return ", ".join(f"{word} {count_words(count)}" for word, count in named.items() if count)


def _shown(each: PersonFigures, ranked: int, slug: str, may_open: bool) -> ShownPerson:
    counts = each.counts
    return ShownPerson(
        name=str(each.user),
        href=reverse("loop_person", kwargs={"org": slug, "pk": each.user.pk}) if may_open else "",
        open=count_words(each.open),
        overdue=count_words(each.overdue) if each.overdue else "",
        contacted=share_words(each.contacted, n=counts.contact_decided),
        resolved=share_words(each.resolved, n=counts.resolution_decided),
        recovery=recovery_words(each),
        place=place_words(each.places, ranked),
    )


def share_words(share: Share | None, *, n: int) -> ShownShare:
    if share is None or share.value is None:
        return few(n)
    return ShownShare(
        f"{plain(share.value)} %",
        f"{_span(share.interval)}{count_words(share.hits)} of {count_words(share.n)}",
    )


def recovery_words(each: PersonFigures) -> ShownShare:
    """Drawn toward the mean; the plain count stands beside it."""
    if each.recovery is None:
        return few(each.answered)
    share = each.recovery.share
    return ShownShare(
        f"{plain(each.recovery.value)} %",
        f"{_span(each.recovery.interval)}{count_words(share.hits)} of {count_words(share.n)} answered",
    )


def few(n: int) -> ShownShare:
    return ShownShare("–", f"n = {n}, shown from {ENOUGH}", is_few=True)


def place_words(span: tuple[int, int] | None, ranked: int) -> str:
    """ "2", "1 to 3 of 5", "tied" where nobody can be told apart."""
    if span is None or ranked < 2:
        return ""
    best, worst = span
    if (best, worst) == (1, ranked):
        return "tied with all"
    return f"{best} of {ranked}" if best == worst else f"{best} to {worst} of {ranked}"


def _span(interval: Interval | None) -> str:
    return f"{plain(interval.low)} to {plain(interval.high)} %, " if interval else ""
