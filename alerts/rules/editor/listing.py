"""What the list of rules and the list of versions show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from alerts.models import AlertRule, AlertRuleVersion, Priority
from alerts.rules.references import names_of
from alerts.rules.sentences import rule_sentence
from alerts.rules.versions import Changed, changes_between, definition_of

RECENT = timedelta(days=30)


@dataclass(frozen=True)
class RuleRow:
    """One rule in the list: when it fires, what it does, how often it fired of late."""

    rule: AlertRule
    sentence: str
    deeds: list[str]
    fired: int
    last_fired_at: datetime | None
    error: str


@dataclass(frozen=True)
class VersionRow:
    version: AlertRuleVersion
    sentence: str
    changes: list[Changed]
    is_current: bool


def rows_of(*, at: datetime) -> list[RuleRow]:
    """Every rule, those that are on first and those that are archived last; a fixed number of queries."""
    return _rows(AlertRule.objects.order_by("is_archived", "-is_active", "name"), at=at)


def row_of(rule: AlertRule, *, at: datetime) -> RuleRow:
    """One rule as in the list."""
    return _rows(AlertRule.objects.filter(pk=rule.pk), at=at)[0]


def deeds_of(rule: AlertRule, names: dict[str, str]) -> list[str]:
    """What the rule does, in words: "opens a follow-up, high priority", "tells Ana Northwind"."""
    found = []
    if rule.opens_follow_up:
        found.append(f"opens a follow-up, {Priority(rule.priority).label.lower()} priority")
    told = [
        names[each] for part in ("people", "teams", "channels") for each in rule.actions.get(part, []) if each in names
    ]
    if told:
        found.append(f"tells {', '.join(told)}")
    if rule.starts_survey_id:
        found.append(f"starts “{names.get(str(rule.starts_survey_id), '')}”")
    if rule.holdout_percent:
        found.append(f"leaves {rule.holdout_percent} % alone")
    return found


def versions_of(rule: AlertRule) -> list[VersionRow]:
    """Newest first, each with what it changed in words; one query a table that they point at, and one more."""
    versions = list(rule.versions.all())
    names = names_of(each.definition for each in versions)
    before = [each.definition for each in versions[1:]] + [None]
    return [
        VersionRow(
            version,
            rule_sentence(
                AlertRule(kind=version.definition["kind"], conditions=version.definition["conditions"]), names
            ),
            changes_between(earlier, version.definition, names) if earlier else [],
            version.number == rule.version,
        )
        for version, earlier in zip(versions, before, strict=True)
    ]


def _rows(found: QuerySet[AlertRule], *, at: datetime) -> list[RuleRow]:
    recent = Count("alerts", filter=Q(alerts__raised_at__gt=at - RECENT))
    rules = list(found.annotate(fired=recent, last_fired_at=Max("alerts__raised_at")).prefetch_related("checks"))
    names = names_of(map(definition_of, rules))
    return [
        RuleRow(
            rule,
            rule_sentence(rule, names),
            deeds_of(rule, names),
            rule.fired,  # type: ignore[attr-defined]
            rule.last_fired_at,  # type: ignore[attr-defined]
            next((check.last_error for check in rule.checks.all()), ""),
        )
        for rule in rules
    ]
