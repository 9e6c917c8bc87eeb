"""What came of the follow-ups that went by each playbook, so that good ones can be told from bad ones."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from alerts.proof.measures.counting import count_loops
from metrics.statistics.rounding import plain
from metrics.statistics.shares import Share

EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Results:
    """Follow-ups by one playbook: how many there were, how many closed, and of those asked, how many recovered."""

    used: int
    closed: Share
    recovered: Share

    @property
    def closed_words(self) -> str:
        return words_of(self.closed)

    @property
    def recovered_words(self) -> str:
        return words_of(self.recovered)


def results_of_playbooks(*, at: datetime | None = None) -> dict[UUID, Results]:
    """By playbook, for those that were used, as the measures of the loop count them; one query."""
    at = at or timezone.now()
    return {
        UUID(key): Results(each.opened, Share(each.closed, each.opened), Share(each.recovered, each.answered))
        for (breakdown, key), each in count_loops(EVER, at, at=at).items()
        if breakdown == "playbook" and key
    }


def words_of(share: Share) -> str:
    """ "72 % (61 to 81), n = 64", or that there is nothing to say yet."""
    if share.value is None or share.interval is None:
        return "nobody yet"
    low, high = plain(share.interval.low), plain(share.interval.high)
    return f"{plain(share.value)} % ({low} to {high}), n\u00a0=\u00a0{share.n}"
