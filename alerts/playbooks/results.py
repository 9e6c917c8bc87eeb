"""What came of the follow-ups that went by each playbook, so that good ones can be told from bad ones."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from alerts.models import FollowUp, Recovery
from metrics.statistics.rounding import plain
from metrics.statistics.shares import Share

Result = Recovery.Result
# Only those who answered say whether it helped; silence is neither.
TOLD = (Result.RECOVERED, Result.UNCHANGED, Result.WORSE)


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


def results_of_playbooks() -> dict[UUID, Results]:
    """By playbook, for those that were used; one query. Follow-ups that were merged count where they went."""
    latest = Recovery.objects.filter(follow_up=OuterRef("pk"), closed_at=OuterRef("closed_at"))
    rows = (
        FollowUp.objects.filter(playbook__isnull=False)
        .exclude(state=FollowUp.State.MERGED)
        .annotate(
            is_told=Exists(latest.filter(result__in=TOLD)), is_well=Exists(latest.filter(result=Result.RECOVERED))
        )
        .values("playbook_id")
        .annotate(
            used=Count("pk"),
            closed=Count("pk", filter=Q(state=FollowUp.State.CLOSED)),
            told=Count("pk", filter=Q(is_told=True)),
            well=Count("pk", filter=Q(is_well=True)),
        )
    )
    return {
        row["playbook_id"]: Results(row["used"], Share(row["closed"], row["used"]), Share(row["well"], row["told"]))
        for row in rows
    }


def words_of(share: Share) -> str:
    """ "72 % (61 to 81), n = 64", or that there is nothing to say yet."""
    if share.value is None or share.interval is None:
        return "nobody yet"
    low, high = plain(share.interval.low), plain(share.interval.high)
    return f"{plain(share.value)} % ({low} to {high}), n = {share.n}"
