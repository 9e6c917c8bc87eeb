"""Waiting for the comment that follows the score: until when an answer is left alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from alerts.models import AlertRule
from alerts.rules.facts import facts_of
from alerts.rules.matching import is_raised_by, needs_of
from surveys.models import Channel, Response

LONGEST_WINDOW = timedelta(minutes=60)
# A score as bad as this waits for nothing.
URGENT_SCORE = 2
# What comes by these ways is whole: nobody changes it afterwards.
WHOLE = (Channel.API, Channel.IMPORT)


def settling(response_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, datetime]:
    """Until when to leave those alone that may still change, by answer; three queries at most.

    The window runs from the moment the answer came in. Of several rules that hold the most impatient one counts: the
    follow-up it opens carries the reasons of all.
    """
    bare = Response.objects.filter(pk__in=list(response_ids), has_verbatim=False, score__gt=URGENT_SCORE)
    fresh = list(
        bare.exclude(channel__in=WHOLE).filter(created_at__gt=at - LONGEST_WINDOW).values_list("pk", flat=True)
    )
    if not fresh:
        return {}
    rules = list(AlertRule.objects.filter(is_active=True, kind=AlertRule.Kind.ANSWER))
    until = {}
    for facts in facts_of(fresh, needs=needs_of(rules)):
        windows = [rule.settle_minutes for rule in rules if is_raised_by(rule, facts)]
        if windows and (end := facts.response.created_at + timedelta(minutes=min(windows))) > at:
            until[facts.response.pk] = end
    return until
