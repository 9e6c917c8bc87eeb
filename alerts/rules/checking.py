"""Whether a rule can be kept: everything that is wrong with it, each with the place and the rule it breaks."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from alerts.models import AlertRule, Priority
from alerts.rules.conditions import ConditionError
from alerts.rules.matching import RuleError, check_conditions
from alerts.rules.references import IN_ACTIONS, WORDS, Reference, names_of, references_of
from alerts.rules.silences import check_silence
from alerts.rules.thresholds import check_threshold
from alerts.rules.versions import definition_of
from surveys.models import Survey

Kind = AlertRule.Kind
NAME_CHARACTERS = 80
LONGEST_SETTLING = 60
MOST_HELD_OUT = 50
MOST_TAGS, TAG_CHARACTERS = 10, 40
MOST_TOLD = 50
MOST_HOURS = 24 * 90
ACTIONS = {"tags", "survey_after_hours", *IN_ACTIONS}


class RuleRefused(ValueError):
    """A rule that cannot be kept; `problems` are all its errors."""

    def __init__(self, problems: list[RuleError]):
        self.problems = problems
        super().__init__(" ".join(map(str, problems)))


def check_rule(rule: AlertRule) -> None:
    """Raises RuleRefused with everything that is wrong. One query a table that the rule points at, and two more."""
    problems = [RuleError(rule.name, field, message) for field, message in _problems(rule)]
    if problems:
        raise RuleRefused(problems)


def check_asked(rule: AlertRule) -> None:
    """Raises RuleRefused where the conditions alone are wrong: what a back-test needs to be right. No query."""
    problems = [RuleError(rule.name, field, message) for field, message in _conditions(rule)]
    if problems:
        raise RuleRefused(problems)


def _problems(rule: AlertRule) -> Iterator[tuple[str, str]]:
    yield from _name(rule)
    conditions = list(_conditions(rule))
    yield from conditions
    yield from _numbers(rule)
    actions = list(_actions(rule.actions))
    yield from actions
    if not conditions and not actions:
        yield from _references(rule)
        yield from _deeds(rule)


def _name(rule: AlertRule) -> Iterator[tuple[str, str]]:
    if not rule.name.strip() or len(rule.name) > NAME_CHARACTERS:
        yield "name", f"Give a name of 1 to {NAME_CHARACTERS} characters."
    elif other := AlertRule.objects.filter(name=rule.name).exclude(pk=rule.pk).first():
        yield "name", "An archived rule has this name." if other.is_archived else "Another rule has this name."


def _conditions(rule: AlertRule) -> Iterator[tuple[str, str]]:
    try:
        if rule.kind == Kind.ANSWER:
            check_conditions(rule.conditions, rule=rule.name)
        elif rule.kind == Kind.SILENCE:
            check_silence(rule.conditions)
        elif rule.kind == Kind.THRESHOLD:
            check_threshold(rule.conditions)
        else:
            yield "kind", f"Choose one of {', '.join(Kind.values)}."
    except (RuleError, ConditionError) as error:
        yield error.field, error.message


def _numbers(rule: AlertRule) -> Iterator[tuple[str, str]]:
    if not _is_whole(rule.settle_minutes, LONGEST_SETTLING):
        yield "settle_minutes", f"Wait 0 to {LONGEST_SETTLING} minutes."
    if rule.priority not in Priority.values:
        yield "priority", f"Choose one of {', '.join(Priority.values)}."
    if not _is_whole(rule.holdout_percent, MOST_HELD_OUT):
        yield "holdout_percent", f"Leave 0 to {MOST_HELD_OUT} percent alone."
    elif rule.holdout_percent and (rule.priority != Priority.LOW or not rule.opens_follow_up):
        yield "holdout_percent", "Only rules that open follow-ups of low priority may leave customers alone."
    elif rule.holdout_percent and rule.kind == Kind.THRESHOLD:
        yield "holdout_percent", "A score that fell is nobody who could be left alone."


def _actions(actions: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(actions, dict):
        yield "actions", "Actions are an object."
        return
    if unknown := set(actions) - ACTIONS:
        yield f"actions.{min(unknown)}", "There is no such action."
    tags = actions.get("tags", [])
    if not _are_texts(tags, MOST_TAGS) or any(len(each) > TAG_CHARACTERS for each in tags):
        yield "actions.tags", f"Give at most {MOST_TAGS} tags of 1 to {TAG_CHARACTERS} characters."
    for field in IN_ACTIONS:
        ids = actions.get(field, [])
        if not _are_texts(ids, MOST_TOLD) or not all(map(is_id, ids)):
            yield f"actions.{field}", f"Give a list of at most {MOST_TOLD} ids."
    if not _is_whole(actions.get("survey_after_hours", 0), MOST_HOURS):
        yield "actions.survey_after_hours", f"Wait 0 to {MOST_HOURS} hours."


def _references(rule: AlertRule) -> Iterator[tuple[str, str]]:
    definition = definition_of(rule)
    known = names_of([definition])
    missing: list[Reference] = [each for each in references_of(definition) if each[2] not in known]
    for field, model, _ in missing:
        yield field, f"There is no such {WORDS[model]} here."


def _deeds(rule: AlertRule) -> Iterator[tuple[str, str]]:
    tells = any(rule.actions.get(field) for field in IN_ACTIONS)
    if not (rule.opens_follow_up or tells or rule.starts_survey_id):
        yield "opens_follow_up", "The rule would do nothing: open a follow-up, tell somebody or start a survey."
    if rule.actions.get("tags") and not rule.opens_follow_up:
        yield "actions.tags", "Tags are put on follow-ups: open one."
    if rule.starts_survey_id and rule.kind == Kind.THRESHOLD:
        yield "starts_survey", "A score that fell is nobody who could be asked."
    elif rule.starts_survey_id and Survey.objects.filter(pk=rule.starts_survey_id, state=Survey.State.CLOSED).exists():
        yield "starts_survey", "This survey is closed."


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _are_texts(values: Any, most: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) <= most
        and all(isinstance(each, str) and each.strip() for each in values)
    )


def is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
