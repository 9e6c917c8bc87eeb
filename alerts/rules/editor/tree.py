"""The conditions of a rule as rows and groups of rows; what stands where travels in one hidden field.

Without script a press of a button is a round trip: `edited` gives the same tree with a row more or less, and with
everything that was typed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from alerts.rules.editor.choices import Choices
from alerts.rules.editor.kinds import ROWS
from alerts.rules.editor.rows import FIELDS, Kept, Row
from alerts.rules.matching import MATCHES

MOST_ROWS = 40
MATCH_WORDS = {"all": "all of these hold", "any": "any of these holds"}


@dataclass
class Group:
    """Rows that hold together or one by one; `key` is empty for the rule itself."""

    key: str = ""
    match: str = "all"
    nodes: list["Node"] = field(default_factory=list)

    @property
    def match_choices(self) -> list[tuple[str, str, bool]]:
        return [(value, words, value == self.match) for value, words in MATCH_WORDS.items()]


@dataclass
class Node:
    """One row, or one group of rows."""

    key: str
    row: Row | None = None
    group: Group | None = None


class Tree:
    """All conditions of a rule that is being edited."""

    def __init__(self, root: Group, choices: Choices):
        self.root, self.choices = root, choices

    @classmethod
    def of(cls, conditions: dict[str, Any], choices: Choices) -> "Tree":
        """As they are stored."""
        tree = cls(Group(match=conditions.get("match", "all")), choices)
        for condition in conditions.get("of", []):
            tree._add_stored(tree.root, condition)
        return tree

    @classmethod
    def posted(cls, data: Any, choices: Choices, *, is_bound: bool = True) -> "Tree":
        """As they were filled in; not `is_bound`: without complaints about what is not finished."""
        tree = cls(Group(match=_match(data.get("match"))), choices)
        for key, kind, inner in _shape(data.get("shape", "")):
            if inner is None:
                tree.root.nodes.append(Node(key, tree._posted(kind, key, data, is_bound)))
            else:
                group = Group(key, _match(data.get(f"{key}-match")))
                group.nodes = [Node(each, tree._posted(what, each, data, is_bound)) for each, what, _ in inner]
                tree.root.nodes.append(Node(key, group=group))
        return tree

    def edit(self, deed: str, data: Any) -> None:
        """Carry out a button: "add", "add:<group>", "group" or "remove:<key>". What is unknown changes nothing."""
        verb, _, key = deed.partition(":")
        if verb == "remove":
            for group in self.groups:
                group.nodes = [node for node in group.nodes if node.key != key]
        elif len(list(self.rows)) >= MOST_ROWS:
            return
        elif verb == "group":
            other = "any" if self.root.match == "all" else "all"
            new = self._new_key()
            self.root.nodes.append(Node(new, group=Group(new, other)))
        elif verb == "add":
            kind = data.get(f"{key}-kind" if key else "kind-to-add", "")
            for group in self.groups:
                if group.key == key and kind in ROWS:
                    new = self._new_key()
                    group.nodes.append(Node(new, ROWS[kind](choices=self.choices, prefix=new)))

    @property
    def groups(self) -> list[Group]:
        return [self.root, *(node.group for node in self.root.nodes if node.group)]

    @property
    def rows(self) -> Iterator[Row]:
        return (node.row for group in self.groups for node in group.nodes if node.row)

    @property
    def shape(self) -> str:
        """What stands where, for the hidden field."""
        return json.dumps([_placed(node) for node in self.root.nodes], separators=(",", ":"))

    @property
    def is_bound(self) -> bool:
        return True

    def is_valid(self) -> bool:
        judged = [row.is_valid() for row in self.rows]
        return all(judged)

    @property
    def conditions(self) -> dict[str, Any]:
        """Of a valid tree: as they are stored. A group without rows is left out."""
        nodes = [node for node in self.root.nodes if node.row or (node.group and node.group.nodes)]
        return {"match": self.root.match, "of": [_stored(node) for node in nodes]}

    def add_error(self, places: list[int], field: str, message: str) -> bool:
        """Put an error of the check beside its row; False where there is none."""
        nodes, row = [node for node in self.root.nodes if node.row or (node.group and node.group.nodes)], None
        for place in places:
            node = nodes[place]
            row, nodes = node.row, node.group.nodes if node.group else []
        if row is None:
            return False
        name = FIELDS.get(field, "phrases" if field == "words" else "value" if field == "values" else field)
        row.add_error(name if name in row.fields else None, message)
        return True

    def _posted(self, kind: str, key: str, data: Any, is_bound: bool) -> Row:
        row_class: type[Row] = ROWS.get(kind, Kept)
        if is_bound:
            return row_class(data, choices=self.choices, prefix=key)
        row = row_class(choices=self.choices, prefix=key)
        for name, each in row.fields.items():
            row.initial[name] = each.widget.value_from_datadict(data, {}, f"{key}-{name}")
        if isinstance(row, Kept):
            row.initial["stored"] = _json(row.initial["stored"])
        return row

    def _add_stored(self, group: Group, condition: dict[str, Any]) -> None:
        key = self._new_key()
        if "of" in condition and group is self.root and not any("of" in each for each in condition["of"]):
            inner = Group(key, condition.get("match", "all"))
            group.nodes.append(Node(key, group=inner))
            for each in condition["of"]:
                self._add_stored(inner, each)
            return
        row_class = ROWS.get(condition.get("kind", ""), Kept)
        initial = {"stored": condition} if row_class is Kept else row_class.initial_of(condition)
        group.nodes.append(Node(key, row_class(choices=self.choices, prefix=key, initial=initial)))

    def _new_key(self) -> str:
        taken = [int(node.key[1:]) for group in self.groups for node in group.nodes]
        return f"c{max(taken, default=0) + 1}"


def _match(value: Any) -> str:
    return value if value in MATCHES else "all"


def _placed(node: Node) -> list[Any]:
    if node.group:
        return [node.key, "", [_placed(each) for each in node.group.nodes]]
    return [node.key, node.row.kind if node.row else ""]


def _stored(node: Node) -> dict[str, Any]:
    if node.group:
        return {"match": node.group.match, "of": [_stored(each) for each in node.group.nodes]}
    return node.row.parameters if node.row else {}


def _shape(text: str) -> list[tuple[str, str, list[tuple[str, str, None]] | None]]:
    """The hidden field, as far as it is one: keys are c1, c2 ..., each once."""
    seen: set[str] = set()

    def is_row(each: Any) -> bool:
        if not isinstance(each, list) or len(each) not in (2, 3) or not all(isinstance(one, str) for one in each[:2]):
            return False
        key = each[0]
        is_good = key[:1] == "c" and key[1:].isascii() and key[1:].isdigit() and len(key) < 6 and key not in seen
        seen.add(key)
        return is_good

    found: list[tuple[str, str, list[tuple[str, str, None]] | None]] = []
    parsed = _json(text)
    for each in parsed[:MOST_ROWS] if isinstance(parsed, list) else []:
        if not is_row(each):
            continue
        inner = each[2] if len(each) == 3 and isinstance(each[2], list) else None
        rows = None if inner is None else [(one[0], one[1], None) for one in inner[:MOST_ROWS] if is_row(one)]
        found.append((each[0], each[1], rows))
    return found


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
