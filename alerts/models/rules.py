"""Conditions and their firings: rules with their versions, what is still to be looked at, and alerts."""

from django.db import models
from django.db.models import Q

from alerts.models.clocks import Priority, SlaPolicy
from alerts.models.owners import OwnerRule
from alerts.models.playbooks import Playbook
from customers.models import Customer
from surveys.models import Response, Survey
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class AlertRule(OwnedModel):
    """A condition, and what is done when it holds."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "An answer"
        SILENCE = "silence", "No answer from a customer"
        THRESHOLD = "threshold", "A score that falls"

    organization = OrganizationKey(related_name="alert_rules")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.ANSWER)
    # {"match": "all" | "any", "of": [condition or another such object]}; see alerts.rules.conditions.
    conditions = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    # Off for good; alerts and follow-ups go on pointing at it.
    is_archived = models.BooleanField(default=False)
    # Counts the definitions there were; AlertRuleVersion keeps them all.
    version = models.PositiveIntegerField(default=1)
    # How long an answer may still change before the rule fires, in minutes.
    settle_minutes = models.PositiveSmallIntegerField(default=15)
    # What is done: a follow-up...
    opens_follow_up = models.BooleanField(default=True)
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    # None: the policy of the priority.
    sla_policy = OwnedForeignKey(SlaPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="alert_rules")
    playbook = OwnedForeignKey(Playbook, null=True, blank=True, on_delete=models.PROTECT, related_name="alert_rules")
    # Tried before the organization's own order.
    owner_rule = OwnedForeignKey(OwnerRule, null=True, blank=True, on_delete=models.PROTECT, related_name="alert_rules")
    # A share of the alerts, drawn and kept before anything is done, opens none: 0 to 50 percent, low priority only.
    holdout_percent = models.PositiveSmallIntegerField(default=0)
    # ... and more: {"tags": [...], "channels": [channel ids], "people": [user ids], "teams": [team ids]}
    actions = models.JSONField(default=dict, blank=True)
    starts_survey = OwnedForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("alert_rule"),
            models.UniqueConstraint(fields=["organization", "name"], name="alert_rule_name_once"),
            models.CheckConstraint(condition=Q(settle_minutes__lte=60), name="alert_rule_settles_within_an_hour"),
            models.CheckConstraint(
                condition=Q(is_archived=False) | Q(is_active=False), name="alert_rule_archived_is_off"
            ),
            models.CheckConstraint(
                condition=Q(holdout_percent=0) | Q(holdout_percent__lte=50, priority="low"),
                name="alert_rule_holdout_of_low_priority",
            ),
        ]

    def __str__(self):
        return self.name


class AlertRuleVersion(OwnedModel):
    """What a rule said, whole, from `at` on."""

    organization = OrganizationKey(related_name="+")
    rule = OwnedForeignKey(AlertRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_label = models.CharField(max_length=200, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["-number"]
        constraints = [
            OwnedModel.owned_key("alert_rule_version"),
            models.UniqueConstraint(fields=["organization", "rule", "number"], name="alert_rule_version_once"),
        ]

    def __str__(self):
        return f"{self.number}"


class Evaluation(OwnedModel):
    """The to-do row of one answer: the rules have yet to be held against it."""

    organization = OrganizationKey(related_name="evaluations")
    response = OwnedForeignKey(Response, on_delete=models.CASCADE, related_name="evaluations")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_quarantined = models.BooleanField(default=False)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("evaluation"),
            models.UniqueConstraint(fields=["organization", "response"], name="evaluation_once"),
        ]
        indexes = [
            # The sweep: what has not been evaluated.
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, is_quarantined=False),
                name="evaluation_due",
                include=["organization"],
            )
        ]

    def __str__(self):
        return str(self.response_id)


class RuleCheck(OwnedModel):
    """The to-do row of a rule that looks at scores or at silence rather than at one answer: when to look again."""

    organization = OrganizationKey(related_name="rule_checks")
    rule = OwnedForeignKey(AlertRule, on_delete=models.CASCADE, related_name="checks")
    due_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    # A silence that was long enough by then is no news: since when the rule is on, later how far its looks have come.
    looked_until = models.DateTimeField(null=True)
    # A threshold's places that fired and have not recovered since: {place: {"at": moment, "value": figure}}
    fallen = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("rule_check"),
            models.UniqueConstraint(fields=["organization", "rule"], name="rule_check_once"),
        ]
        indexes = [
            # The sweep: rules to look at again.
            models.Index(fields=["due_at"], name="rule_check_due", include=["organization"])
        ]

    def __str__(self):
        return str(self.rule_id)


class Alert(OwnedModel):  # type: ignore[django-manager-missing]
    """The firing of a rule: on one answer, on one customer's silence, or on a score that fell."""

    organization = OrganizationKey(related_name="alerts")
    rule = OwnedForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    rule_version = models.PositiveIntegerField(default=1)
    # What it fired on, once a rule: the answer's id, "silence:<customer>:<since>", "threshold:<place>:<day>".
    subject = models.CharField(max_length=120)
    response = OwnedForeignKey(Response, null=True, on_delete=models.CASCADE, related_name="alerts")
    customer = OwnedForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="alerts")
    # The follow-up it opened or joined.
    follow_up = OwnedForeignKey("alerts.FollowUp", null=True, on_delete=models.SET_NULL, related_name="reasons")
    raised_at = models.DateTimeField()
    # When the answer changed under it.
    updated_at = models.DateTimeField(null=True)
    # Why it fired, in words for people.
    reason = models.CharField(max_length=500, blank=True)
    # Drawn into the holdout: recorded, and nothing done.
    is_held_out = models.BooleanField(default=False)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("alert"),
            models.UniqueConstraint(fields=["organization", "rule", "subject"], name="alert_once"),
        ]
        indexes = [
            # The reasons of one follow-up.
            models.Index(fields=["organization", "follow_up"], name="alert_follow_up"),
            # All alerts of one answer.
            models.Index(fields=["organization", "response"], name="alert_response"),
            # How often a rule fired of late.
            models.Index(fields=["organization", "rule", "raised_at"], name="alert_rule_recent"),
        ]

    def __str__(self):
        return str(self.rule_id)
