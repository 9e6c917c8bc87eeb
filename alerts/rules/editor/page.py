"""A rule under the pen: its fields and its conditions, filled in, checked and put together."""

import re
from functools import cached_property
from typing import Any

from alerts.models import AlertRule
from alerts.rules.checking import RuleRefused
from alerts.rules.editor.choices import Choices
from alerts.rules.editor.forms import CHOSEN, RuleForm, SilenceForm, ThresholdForm
from alerts.rules.editor.kinds import ROWS, AttributeRow
from alerts.rules.editor.tree import Tree
from alerts.rules.editor.warning import warnings_of
from alerts.rules.who import FIELD, KINDS

Kind = AlertRule.Kind


class Editor:
    """What the page of one rule shows. `data` is what came in; `deed` a button that only changes the rows, and
    `is_tried` says that the conditions alone are judged."""

    def __init__(self, rule: AlertRule, data: Any = None, *, deed: str = "", is_tried: bool = False):
        self.rule, self.choices = rule, Choices()
        # What stands beside no field.
        self.complaints: list[str] = []
        is_bound = data is not None and not deed
        is_whole = is_bound and not is_tried
        initial = {} if data is None or is_whole else {"initial": _typed(rule, data, self.choices)}
        self.form = RuleForm(data if is_whole else None, rule=rule, choices=self.choices, **initial)
        self.asks = _asks(rule, data, self.choices, is_bound=is_bound)
        # All that is asked of an answer; or whom alone a silence or a score is about.
        conditions = rule.conditions if self.asks is None else rule.conditions.get(FIELD, {})
        self.tree = (
            Tree.of(conditions, self.choices) if data is None else Tree.posted(data, self.choices, is_bound=is_bound)
        )
        if deed:
            self.tree.edit(deed, data)

    def fill(self) -> bool:
        """Let the rule say what was filled in; False where fields are wrong, with the errors beside them."""
        # Each of them, so that every error is shown at once.
        judged = [part.is_valid() for part in (self.form, self.tree, self.asks) if part is not None and part.is_bound]
        if is_valid := all(judged):
            if self.form.is_bound:
                self.form.fill(self.rule)
            self.rule.conditions = self.tree.conditions
            if self.asks is not None:
                whom = {FIELD: self.tree.conditions} if self.tree.conditions["of"] else {}
                self.rule.conditions = self.asks.conditions | whom
        return is_valid

    def refuse(self, refused: RuleRefused) -> None:
        """Put each error of the check where it belongs."""
        for problem in refused.problems:
            places = [int(place) for place in re.findall(r"of\[(\d+)\]", problem.field)]
            field = problem.field.rsplit(".", 1)[-1].removesuffix("_id")
            if places and self.tree.add_error(places, field, problem.message):
                continue
            if self.asks and field in self.asks.fields:
                self.asks.add_error(field, problem.message)
            elif self.form.is_bound and field in self.form.fields and field != "version":
                self.form.add_error(field, problem.message)
            else:
                where = f"Condition {problem.condition_number}: " if problem.condition_number else ""
                self.complaints.append(where + problem.message)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of conditions that can be added."""
        return [(kind, row.label) for kind, row in ROWS.items() if self.asks is None or kind in KINDS]

    @property
    def attribute_names(self) -> list[str]:
        """What is offered where a row asks for the name of an attribute; empty where none does."""
        return self.choices.attribute_names if any(isinstance(row, AttributeRow) for row in self.tree.rows) else []

    @cached_property
    def warnings(self) -> list[str]:
        """Asked for once a page: each look costs queries."""
        return warnings_of(self.rule)


def _asks(rule: AlertRule, data: Any, choices: Choices, *, is_bound: bool) -> SilenceForm | ThresholdForm | None:
    """The fields of a rule that looks by itself; without complaints where only the rows change."""
    if rule.kind == Kind.ANSWER:
        return None

    def form(data: Any, initial: dict[str, Any]) -> SilenceForm | ThresholdForm:
        if rule.kind == Kind.SILENCE:
            return SilenceForm(data, initial=initial, prefix="asks")
        return ThresholdForm(data, choices=choices, initial=initial, prefix="asks")

    if is_bound:
        return form(data, {})
    if data is None:
        return form(None, ThresholdForm.initial_of(rule.conditions) if rule.kind == Kind.THRESHOLD else rule.conditions)
    fields = form(None, {}).fields
    return form(
        None, {name: each.widget.value_from_datadict(data, {}, f"asks-{name}") for name, each in fields.items()}
    )


def _typed(rule: AlertRule, data: Any, choices: Choices) -> dict[str, Any]:
    """What stands in the fields, unchecked, so that a press of a button complains about nothing."""
    form = RuleForm(rule=rule, choices=choices)
    typed = {name: each.widget.value_from_datadict(data, {}, name) for name, each in form.fields.items()}
    return typed | {name: typed[name] or "" for name in CHOSEN if name in typed}
