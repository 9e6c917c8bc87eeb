"""A rule under the pen: its fields and its conditions, filled in, checked and put together."""

import re
from typing import Any

from alerts.models import AlertRule
from alerts.rules.checking import RuleRefused
from alerts.rules.editor.choices import Choices
from alerts.rules.editor.forms import CHOSEN, RuleForm, SilenceForm, ThresholdForm
from alerts.rules.editor.kinds import ROWS
from alerts.rules.editor.tree import Tree

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
        self.tree: Tree | None = None
        self.asks: SilenceForm | ThresholdForm | None = None
        if rule.kind == Kind.SILENCE:
            self.asks = SilenceForm(data, initial=rule.conditions, prefix="asks")
        elif rule.kind == Kind.THRESHOLD:
            initial_asks = ThresholdForm.initial_of(rule.conditions)
            self.asks = ThresholdForm(data, choices=self.choices, initial=initial_asks, prefix="asks")
        elif data is None:
            self.tree = Tree.of(rule.conditions, self.choices)
        else:
            self.tree = Tree.posted(data, self.choices, is_bound=is_bound)
            if deed:
                self.tree.edit(deed, data)

    def fill(self) -> bool:
        """Let the rule say what was filled in; False where fields are wrong, with the errors beside them."""
        # Each of them, so that every error is shown at once.
        judged = [part.is_valid() for part in (self.form, self.tree, self.asks) if part is not None and part.is_bound]
        if is_valid := all(judged):
            if self.form.is_bound:
                self.form.fill(self.rule)
            self.rule.conditions = self.tree.conditions if self.tree else self.asks.conditions if self.asks else {}
        return is_valid

    def refuse(self, refused: RuleRefused) -> None:
        """Put each error of the check where it belongs."""
        for problem in refused.problems:
            places = [int(place) for place in re.findall(r"of\[(\d+)\]", problem.field)]
            field = problem.field.rsplit(".", 1)[-1].removesuffix("_id")
            if places and self.tree and self.tree.add_error(places, field, problem.message):
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
        return [(kind, row.label) for kind, row in ROWS.items()]


def _typed(rule: AlertRule, data: Any, choices: Choices) -> dict[str, Any]:
    """What stands in the fields, unchecked, so that a press of a button complains about nothing."""
    form = RuleForm(rule=rule, choices=choices)
    typed = {name: each.widget.value_from_datadict(data, {}, name) for name, each in form.fields.items()}
    return typed | {name: typed[name] or "" for name in CHOSEN if name in typed}
