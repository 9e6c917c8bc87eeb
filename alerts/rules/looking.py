"""The sweep of rules that look by themselves: at scores and at silence. See RuleCheck."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alerts.models import AlertRule, RuleCheck
from alerts.rules.falling import look_at_scores
from alerts.rules.silent import look_for_silence
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.scope import organization_scope

logger = logging.getLogger(__name__)
RETRY_AFTER = timedelta(minutes=5)
# Scores that change all the time are looked at once in so long.
PAUSE = timedelta(minutes=5)
Look = Callable[..., timedelta]
LOOKS: dict[str, Look] = {AlertRule.Kind.SILENCE: look_for_silence, AlertRule.Kind.THRESHOLD: look_at_scores}


def check_rules() -> int:
    """Look where it is due, for every organization in turn; returns how many rules were looked at."""
    return drain("door_due_rule_checks", check_one)


def check_one(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Let one due rule of one organization look; returns 1, or 0 when none is due.

    What fails is put off with its error shown beside the rule; a rule that was switched off meanwhile looks no more.
    """
    at = at or timezone.now()
    with organization_scope(organization_id):
        due = RuleCheck.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=at)
        check = due.select_related("rule__sla_policy", "rule__starts_survey").order_by("due_at").first()
        if check is None:
            return 0
        if not check.rule.is_active or check.rule.kind not in LOOKS:
            check.delete()
            return 1
        try:
            with transaction.atomic():
                organization = Organization.objects.get(pk=organization_id)
                check.due_at = at + LOOKS[check.rule.kind](organization, check, at=at)
            check.checked_at, check.attempts, check.last_error = at, 0, ""
        except Exception as error:  # one rule that cannot look must not hold up the others
            logger.exception("The rule %s could not look", check.rule_id)
            check = RuleCheck.objects.get(pk=check.pk)
            check.attempts, check.due_at = check.attempts + 1, at + RETRY_AFTER
            check.last_error = f"{type(error).__name__}: {error}"[:500]
        check.save()
    return 1


def look_soon(*, at: datetime) -> None:
    """Scores have moved: let rules about them look soon. What is being looked at just now is left to its next turn."""
    waiting = RuleCheck.objects.filter(Q(checked_at=None) | Q(checked_at__lte=at - PAUSE), due_at__gt=at)
    soon = waiting.filter(rule__kind=AlertRule.Kind.THRESHOLD).select_for_update(skip_locked=True, of=("self",))
    ids = list(soon.values_list("pk", flat=True))
    if ids:
        RuleCheck.objects.filter(pk__in=ids).update(due_at=at)
