"""Imports and relations go down only: cxm > alerts > metrics > surveys > journeys > customers > tenancy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

PROJECT = Path(__file__).resolve().parent.parent
FLOORS = ("tenancy", "customers", "journeys", "surveys", "metrics", "alerts", "cxm")
# settings.py names its neighbour in the roof; nothing below the roof may.
FILES = [path for floor in FLOORS for path in sorted((PROJECT / floor).rglob("*.py"))]


def floor_of(module: str) -> int | None:
    first = module.split(".")[0]
    return FLOORS.index(first) if first in FLOORS else None


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, inside functions and by import_module("...") as well.

    Relative imports stay inside their floor: each floor is a package at the top.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "import_string",
            "__import__",
        ):
            yield from ((node.lineno, str(a.value)) for a in node.args[:1] if isinstance(a, ast.Constant))


def upward(path: Path) -> list[str]:
    floor = floor_of(path.relative_to(PROJECT).parts[0])
    return [
        f"{path.relative_to(PROJECT)}:{line} imports {module}"
        for line, module in imports_of(path.read_text())
        if (other := floor_of(module)) is not None and other > floor
    ]


def test_imports_go_down_only():
    assert [finding for path in FILES for finding in upward(path)] == []


@pytest.mark.parametrize(
    ("source", "is_upward"),
    [
        ("from alerts.models import FollowUp", True),
        ("def late():\n    import cxm.settings", True),
        ("import_module('surveys.sending')", True),
        ("from tenancy.scope import organization_scope", False),
        ("import json", False),
    ],
)
def test_the_walk_sees_imports_wherever_they_stand(source, is_upward):
    journeys = FLOORS.index("journeys")
    assert any((floor_of(module) or 0) > journeys for _, module in imports_of(source)) == is_upward


def test_relations_between_models_go_down_only():
    """A key may be given as a string, which no import shows."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        floor = floor_of(model._meta.app_label)
        for field in model._meta.get_fields():
            if floor is None or not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = floor_of(field.related_model._meta.app_label)
            if other is not None and other > floor:
                found.append(f"{model._meta.label}.{field.name} points at {field.related_model._meta.label}")
    assert found == []


def test_migrations_depend_on_lower_floors_only():
    from django.db.migrations.loader import MigrationLoader

    found = [
        f"{app}.{name} depends on {parent}.{parent_name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        for parent, parent_name in migration.dependencies
        if app in FLOORS and parent in FLOORS and FLOORS.index(parent) > FLOORS.index(app)
    ]
    assert found == []


def test_every_application_has_its_floor():
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == PROJECT}
    assert ours == set(FLOORS)


def test_only_the_five_signals_go_up():
    """Downward is a function call; upward there are five signals and nothing else."""
    declared = {
        f"{path.parent.name}.{target.id}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "id", getattr(node.value.func, "attr", "")) == "Signal"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert declared <= {
        "customers.customer_erased",
        "tenancy.member_changed",
        "journeys.milestone_recorded",
        "surveys.response_completed",
        "metrics.scores_refreshed",
    }


def test_nothing_listens_to_saving():
    """post_save and its like hide what a deed does; a deed calls."""
    names = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "post_init"}
    found = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)
    ]
    assert found == []
