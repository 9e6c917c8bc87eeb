"""Keeping rules: new ones, changed ones, switched and archived ones, and what one of them said before."""

from datetime import datetime

from django.db import transaction

from alerts.models import AlertRule, AlertRuleVersion, RuleCheck
from alerts.rules.checking import RuleRefused, check_rule
from alerts.rules.matching import RuleError
from alerts.rules.versions import FIELDS, apply_definition, definition_of, keep_version
from tenancy.audit import Actor, record
from tenancy.background import nudge
from tenancy.models import User

CHECKS = "alerts.tasks.check_rules"
# What can be done to a rule whatever it points at: it stops, or it comes back and stays off.
STOPS = [
    {"is_active": [True, False]},
    {"is_active": [True, False], "is_archived": [False, True]},
    {"is_archived": [False, True]},
]
ARCHIVED = "This rule is archived: bring it back first."
COMES_BACK = {"is_archived": [True, False]}


def save_rule(rule: AlertRule, *, by: Actor | User, at: datetime, seen: int | None = None) -> bool:
    """Keep a rule as its fields say now, as a new version; False when nothing is different.

    `seen` is the version it was made from (None: whatever is there). Raises RuleRefused with everything that is wrong,
    or when somebody else has changed the rule meanwhile.
    """
    with transaction.atomic():
        if rule._state.adding:
            return _add(rule, by=by, at=at)
        held = AlertRule.objects.select_for_update().get(pk=rule.pk)
        if seen is not None and seen != held.version:
            told = f"Somebody changed this rule meanwhile: it is at version {held.version} now, not {seen}."
            raise RuleRefused([RuleError(rule.name, "version", told)])
        before, after = definition_of(held), definition_of(rule)
        changes = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
        if not changes:
            return False
        if held.is_archived and changes != COMES_BACK:
            raise RuleRefused([RuleError(rule.name, "is_archived", ARCHIVED)])
        # Also a rule that points at something that is gone by now.
        if changes not in (*STOPS, COMES_BACK):
            check_rule(rule)
        _keep_first(held, at=at)
        rule.version = held.version + 1
        rule.save(update_fields=[*FIELDS, "version"])
        keep_version(rule, by=by, at=at)
        _schedule(rule, at=at, anew="conditions" in changes or "kind" in changes)
        record("alert_rule.changed", on=rule, by=by, at=at, details={"changes": changes, "version": rule.version})
    return True


def switch_rule(rule: AlertRule, *, on: bool, by: Actor | User, at: datetime, seen: int | None = None) -> bool:
    """Switch a rule on or off; False when it is so already.

    Raises RuleRefused where it cannot be held any more, or when it is not what was seen (None: not what `rule` says).
    """
    rule.is_active = on
    return save_rule(rule, by=by, at=at, seen=rule.version if seen is None else seen)


def archive_rule(rule: AlertRule, *, by: Actor | User, at: datetime, seen: int | None = None) -> bool:
    """Switch a rule off for good, out of the list; False when it is so already. Raises RuleRefused as switch_rule."""
    rule.is_archived, rule.is_active = True, False
    return save_rule(rule, by=by, at=at, seen=rule.version if seen is None else seen)


def bring_back_rule(rule: AlertRule, *, by: Actor | User, at: datetime, seen: int | None = None) -> bool:
    """Put an archived rule into the list again, switched off; False when it is there. Raises RuleRefused as above."""
    rule.is_archived = False
    return save_rule(rule, by=by, at=at, seen=rule.version if seen is None else seen)


def restore_version(rule: AlertRule, number: int, *, by: Actor | User, at: datetime) -> bool:
    """Let a rule say again what it said then, as a new version. Raises AlertRuleVersion.DoesNotExist, RuleRefused."""
    apply_definition(rule, AlertRuleVersion.objects.get(rule=rule, number=number).definition)
    return save_rule(rule, by=by, at=at, seen=rule.version)


def copy_of(rule: AlertRule) -> AlertRule:
    """A rule that says the same under another name, switched off and not yet stored."""
    copied = AlertRule()
    apply_definition(copied, definition_of(rule))
    copied.name, copied.is_active = f"{rule.name[:70]} (copy)", False
    return copied


def _add(rule: AlertRule, *, by: Actor | User, at: datetime) -> bool:
    check_rule(rule)
    rule.version = 1
    rule.save(force_insert=True)
    keep_version(rule, by=by, at=at)
    _schedule(rule, at=at, anew=True)
    record("alert_rule.created", on=rule, by=by, at=at, details=definition_of(rule))
    return True


def _keep_first(rule: AlertRule, *, at: datetime) -> None:
    """A rule from before there were versions keeps what it said until now."""
    if not rule.versions.filter(number=rule.version).exists():
        AlertRuleVersion.objects.create(rule=rule, number=rule.version, definition=definition_of(rule), at=at)


def _schedule(rule: AlertRule, *, at: datetime, anew: bool) -> None:
    """A rule that looks at scores or at silence looks at once, and from nothing where it asks something else now.

    What is silent already when it is switched on, or asks something else, is no news: it would be told of all at once.
    """
    if rule.kind == AlertRule.Kind.ANSWER or not rule.is_active:
        RuleCheck.objects.filter(rule=rule).delete()
        return
    values = {"due_at": at, "attempts": 0, "last_error": ""}
    from_now = {"fallen": {}, "looked_until": at}
    again = values | (from_now if anew else {})
    RuleCheck.objects.update_or_create(rule=rule, defaults=again, create_defaults={**values, **from_now})
    nudge(CHECKS)
