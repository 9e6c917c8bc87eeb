"""Rules as tests make them: as people would, through the one verb."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from alerts.models import AlertRule
from alerts.rules.saving import save_rule

DETRACTOR = {"kind": "group", "groups": ["detractor"]}
SILENCE = {"days": 30, "value": 1000}
THRESHOLD = {"instrument": "nps", "of": "touchpoint", "places": [], "below": 10, "recovers": 15, "answers": 30}


def all_of(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"match": "all", "of": list(conditions)}


def make_rule(ground, name: str = "Tried", *, at: datetime | None = None, **values: Any) -> AlertRule:
    """Enters no scope."""
    rule = AlertRule(name=name, **{"conditions": all_of(DETRACTOR), **values})
    save_rule(rule, by=ground.ana, at=at or timezone.now())
    return rule
