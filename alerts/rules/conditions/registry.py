"""What a kind of condition is, and the list of all kinds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.rules.facts import Facts

Parameters = Mapping[str, Any]
# The names of surveys, touchpoints and stages by id, as far as they are known.
Names = Mapping[str, str]


class ConditionError(ValueError):
    """A condition that cannot be held against anything; `field` says where, the message what is wrong."""

    def __init__(self, field: str, message: str):
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True)
class Condition:
    """A kind of condition. `check` raises ConditionError; `holds` may rely on parameters that were checked."""

    key: str
    label: str
    check: Callable[[Parameters], None]
    holds: Callable[[Facts, Parameters], bool]
    sentence: Callable[[Parameters, Names], str]
    # The parameters there are; others are refused.
    fields: tuple[str, ...]
    needs: frozenset[str] = frozenset()


CONDITIONS: dict[str, Condition] = {}


def register(condition: Condition) -> Condition:
    if condition.key in CONDITIONS:
        raise ValueError(f"There is a condition “{condition.key}” already.")
    CONDITIONS[condition.key] = condition
    return condition


def condition_of(kind: Any) -> Condition:
    """Raises ConditionError for a kind there is not."""
    found = CONDITIONS.get(kind) if isinstance(kind, str) else None
    if found is None:
        raise ConditionError("kind", f"There is no condition “{kind}”; there are {', '.join(sorted(CONDITIONS))}.")
    return found
