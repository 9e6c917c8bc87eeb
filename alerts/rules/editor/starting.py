"""What rules start from: the situations that most organizations want to hear of."""

from dataclasses import dataclass, field
from typing import Any

from alerts.models import AlertRule

Kind = AlertRule.Kind


@dataclass(frozen=True)
class Start:
    """A rule to begin with, not yet anybody's."""

    key: str
    name: str
    text: str
    icon: str
    conditions: dict[str, Any]
    kind: str = Kind.ANSWER
    values: dict[str, Any] = field(default_factory=dict)

    def rule(self) -> AlertRule:
        name = "" if self.key == "blank" else self.name
        return AlertRule(name=name, kind=self.kind, conditions=self.conditions, **self.values)


def _all(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"match": "all", "of": list(conditions)}


_DETRACTOR = {"kind": "group", "groups": ["detractor"]}

STARTS = {
    start.key: start
    for start in (
        Start("detractor", "A detractor", "Somebody gives one of the lowest scores.", "frown", _all(_DETRACTOR)),
        Start(
            "moment",
            "A detractor at a moment of truth",
            "A low score where it decides the relation.",
            "star",
            _all(_DETRACTOR, {"kind": "moment_of_truth", "is": True}),
            values={"priority": "high"},
        ),
        Start(
            "turned",
            "A promoter who turned away",
            "Who recommended us last time does not any more.",
            "trending-down",
            _all({"kind": "group_change", "from": "promoter", "to": "detractor"}),
            values={"priority": "high"},
        ),
        Start(
            "words",
            "Words that mean trouble",
            "Somebody writes of leaving, refunds or lawyers, whatever the score.",
            "quote",
            _all({"kind": "words", "words": ["cancel", "refund", "lawyer", "complaint"]}),
            values={"priority": "urgent"},
        ),
        Start(
            "wish",
            "A customer who wants to be called",
            "Somebody asks to be contacted and was not happy.",
            "phone",
            _all({"kind": "may_contact", "is": True}, {"kind": "group", "groups": ["detractor", "passive"]}),
        ),
        Start(
            "silence",
            "Valued customers who fall silent",
            "A customer of value was asked and says nothing any more.",
            "bell-off",
            {"days": 90, "value": 1000},
            Kind.SILENCE,
        ),
        Start(
            "threshold",
            "The score of a touchpoint falls",
            "Its NPS of seven days drops below a limit, by more than chance.",
            "chart-line",
            {"instrument": "nps", "of": "touchpoint", "places": [], "below": 0, "recovers": 5, "answers": 30},
            Kind.THRESHOLD,
            {"priority": "high"},
        ),
        Start("blank", "An empty rule", "Put the conditions together yourself.", "plus", _all()),
    )
}
