"""Alert rules, by the API: read, made, changed, switched, archived, and tried on past answers."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from alerts.api.rule_shapes import (
    BackTestFields,
    BackTestShape,
    RuleArchiving,
    RuleChanges,
    RuleFields,
    RuleFilters,
    RuleShape,
    RuleSwitch,
)
from alerts.models import AlertRule
from alerts.rules.back_test import back_test
from alerts.rules.checking import RuleRefused, check_asked
from alerts.rules.going_on import opened, token_of
from alerts.rules.saving import archive_rule, bring_back_rule, save_rule, switch_rule
from tenancy.api import OrganizationView
from tenancy.api_errors import Conflict
from tenancy.api_paging import page_of
from tenancy.api_schema import pages_of
from tenancy.models import Organization

# Shape fields whose column has another name.
COLUMNS = {name: f"{name}_id" for name in ("sla_policy", "playbook", "owner_rule", "starts_survey")}


class RuleList(OrganizationView):
    scopes = {"GET": "rules:read", "POST": "rules:write"}

    @extend_schema(
        operation_id="list_alert_rules",
        summary="Alert rules, newest first",
        parameters=[RuleFilters],
        responses=pages_of(RuleShape),
    )
    def get(self, request):
        query = RuleFilters.read(request.query_params.dict())
        return page_of(AlertRule.objects.filter(is_archived=query["is_archived"]), query, request, RuleShape)

    @extend_schema(
        operation_id="add_alert_rule",
        summary="Make an alert rule",
        description="Everything that is wrong is said at once; a condition by its place, as in conditions.of[1].value.",
        request=RuleFields,
        responses={201: RuleShape},
    )
    def post(self, request):
        rule = AlertRule()
        _fill(rule, RuleFields.read(request.data))
        _kept(lambda: save_rule(rule, by=self.actor, at=self.now))
        return Response(RuleShape.write(rule), status=201)


class RuleDetail(OrganizationView):
    scopes = {"GET": "rules:read", "PATCH": "rules:write"}

    @extend_schema(operation_id="get_alert_rule", summary="One alert rule", responses=RuleShape)
    def get(self, request, pk):
        return Response(RuleShape.write(get_object_or_404(AlertRule.objects.all(), pk=pk)))

    @extend_schema(
        operation_id="change_alert_rule",
        summary="Change an alert rule",
        description="Fields that are not given stay as they are; the earlier version is kept.",
        request=RuleChanges,
        responses=RuleShape,
    )
    def patch(self, request, pk):
        rule = get_object_or_404(AlertRule.objects.select_for_update(), pk=pk)
        values = RuleChanges.read(request.data)
        if (seen := values.pop("version", rule.version)) != rule.version:
            raise Conflict(
                f"The rule is at version {rule.version}, not {seen}.", "stale_version", seen=seen, current=rule.version
            )
        _fill(rule, values)
        _kept(lambda: save_rule(rule, by=self.actor, at=self.now))
        return Response(RuleShape.write(rule))


class RuleSwitching(OrganizationView):
    scopes = {"POST": "rules:write"}

    @extend_schema(
        operation_id="switch_alert_rule",
        summary="Switch an alert rule on or off",
        request=RuleSwitch,
        responses=RuleShape,
    )
    def post(self, request, pk):
        rule = get_object_or_404(AlertRule.objects.select_for_update(), pk=pk)
        on = RuleSwitch.read(request.data)["is_active"]
        _kept(lambda: switch_rule(rule, on=on, by=self.actor, at=self.now))
        return Response(RuleShape.write(rule))


class RuleArchival(OrganizationView):
    scopes = {"POST": "rules:write"}

    @extend_schema(
        operation_id="archive_alert_rule",
        summary="Archive an alert rule, or bring it back",
        description="It is switched off for good and leaves the list; alerts and follow-ups go on pointing at it.",
        request=RuleArchiving,
        responses=RuleShape,
    )
    def post(self, request, pk):
        rule = get_object_or_404(AlertRule.objects.select_for_update(), pk=pk)
        verb = archive_rule if RuleArchiving.read(request.data)["is_archived"] else bring_back_rule
        _kept(lambda: verb(rule, by=self.actor, at=self.now))
        return Response(RuleShape.write(rule))


class RuleBackTest(OrganizationView):
    scopes = {"POST": "rules:read"}

    @extend_schema(
        operation_id="try_alert_rule",
        summary="Try a rule on the last 90 days",
        description="Nothing is saved. Where `go_on` is not empty, send it with the same rule to go on.",
        request=BackTestFields,
        responses=BackTestShape,
    )
    def post(self, request):
        values = BackTestFields.read(request.data)
        organization = Organization.objects.get(pk=self.key.organization_id)
        rule = AlertRule(name="This rule", kind=values["kind"], conditions=values["conditions"])
        _kept(lambda: check_asked(rule))
        progress = opened(values["go_on"], rule, organization_id=organization.pk) if values["go_on"] else None
        if values["go_on"] and progress is None:
            raise ValidationError({"go_on": "It does not belong to this rule, or is older than an hour."})
        progress = back_test(organization, rule, at=self.now, progress=progress)
        token = token_of(rule, progress, organization_id=organization.pk)
        return Response(BackTestShape.write(progress.as_json() | {"go_on": token}))


def _fill(rule: AlertRule, values: dict[str, Any]) -> None:
    for name, value in values.items():
        column = COLUMNS.get(name, name)
        setattr(rule, column, str(value) if column in COLUMNS.values() and value else value)


def _kept(deed: Callable[[], Any]) -> Any:
    """What `deed` returns; its refusals as the API says them, each with its field."""
    try:
        return deed()
    except RuleRefused as refused:
        raise ValidationError(
            {_field(each.field): ErrorDetail(each.message, "invalid") for each in refused.problems}
        ) from refused


def _field(field: str) -> str:
    """Places within the conditions begin with their name."""
    within = (
        field.startswith(("of[", "customers")) or field in ("match", "of", "days", "value") or field in THRESHOLD_FIELDS
    )
    return f"conditions.{field}" if within else field


THRESHOLD_FIELDS = ("instrument", "places", "below", "recovers", "answers")
