"""Acting on answers: rules, their firings, the follow-up with its clock, and the proof that the loop was closed."""

from django.db import models
from django.db.models import Q

from alerts.queues import FollowUpQuerySet
from customers.models import Customer
from surveys.models import Response, Survey
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedManager, OwnedModel


class SlaPolicy(OwnedModel):
    """The times we promise ourselves, in business hours of the organization."""

    organization = OrganizationKey(related_name="sla_policies")
    name = models.CharField(max_length=80)
    first_contact_hours = models.PositiveSmallIntegerField(default=24)
    resolution_days = models.PositiveSmallIntegerField(default=5)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("sla_policy"),
            models.UniqueConstraint(fields=["organization", "name"], name="sla_policy_name_once"),
        ]

    def __str__(self):
        return self.name


class AlertRule(OwnedModel):
    """A condition on an answer: which groups, of which survey."""

    organization = OrganizationKey(related_name="alert_rules")
    name = models.CharField(max_length=80)
    survey = OwnedForeignKey(Survey, null=True, blank=True, on_delete=models.CASCADE, related_name="alert_rules")
    group = models.CharField(max_length=9, choices=Response.Group, default=Response.Group.DETRACTOR)
    sla_policy = OwnedForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="alert_rules")
    is_active = models.BooleanField(default=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("alert_rule"),
            models.UniqueConstraint(fields=["organization", "name"], name="alert_rule_name_once"),
        ]

    def __str__(self):
        return self.name


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


class Alert(OwnedModel):  # type: ignore[django-manager-missing]
    """The firing of a rule on one answer."""

    organization = OrganizationKey(related_name="alerts")
    rule = OwnedForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    response = OwnedForeignKey(Response, on_delete=models.CASCADE, related_name="alerts")
    raised_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("alert"),
            models.UniqueConstraint(fields=["organization", "response", "rule"], name="alert_once"),
        ]

    def __str__(self):
        return str(self.rule_id)


class FollowUp(OwnedModel):
    """The task of closing the loop with one customer."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        CONTACTED = "contacted", "Contacted"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Loop closed"

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", "Customer satisfied"
        EXPLAINED = "explained", "Explained, no change possible"
        COMPENSATED = "compensated", "Compensated"
        LOST = "lost", "Customer lost"
        UNREACHABLE = "unreachable", "Could not be reached"
        NO_ACTION = "no_action", "No action needed"

    class RootCause(models.TextChoices):
        PRODUCT = "product", "Product or service"
        DELIVERY = "delivery", "Delivery or installation"
        PRICE = "price", "Price or invoice"
        STAFF = "staff", "Staff or communication"
        SUPPORT = "support", "Support"
        WEBSITE = "website", "Website or app"
        EXPECTATION = "expectation", "Wrong expectation"
        OTHER = "other", "Something else"

    organization = OrganizationKey(related_name="follow_ups")
    # Counted per organization from 1; what people say to one another: "follow-up 214".
    number = models.PositiveIntegerField()
    customer = OwnedForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="follow_ups")
    alert = OwnedForeignKey(Alert, on_delete=models.PROTECT, related_name="follow_ups")
    response = OwnedForeignKey(Response, on_delete=models.PROTECT, related_name="follow_ups")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    # Counts every change; who saves must say which one they saw.
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    first_contact_due_at = models.DateTimeField()
    resolution_due_at = models.DateTimeField()
    first_contacted_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    root_cause = models.CharField(max_length=12, choices=RootCause, blank=True)

    objects = OwnedManager.of(FollowUpQuerySet)  # type: ignore[django-manager-missing, misc]

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("follow_up"),
            models.UniqueConstraint(fields=["organization", "number"], name="follow_up_number"),
            models.UniqueConstraint(fields=["organization", "alert"], name="follow_up_once_per_alert"),
            models.UniqueConstraint(fields=["organization", "response"], name="follow_up_once_per_response"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged", "contacted", "resolved", "closed"]),
                name="follow_up_state",
            ),
        ]
        indexes = [
            # The queue: what is not yet closed, by due time.
            models.Index(
                fields=["organization", "first_contact_due_at"],
                condition=~Q(state="closed"),
                name="follow_up_queue",
            ),
            # The customer's timeline.
            models.Index(fields=["organization", "customer"], name="follow_up_customer"),
            # The sweep for breached promises.
            models.Index(
                fields=["first_contact_due_at"],
                condition=Q(first_contacted_at__isnull=True),
                name="follow_up_contact_due",
                include=["organization"],
            ),
            models.Index(
                fields=["resolution_due_at"],
                condition=Q(resolved_at__isnull=True),
                name="follow_up_resolution_due",
                include=["organization"],
            ),
        ]

    def __str__(self):
        return f"Follow-up {self.number}"


class FollowUpEntry(OwnedModel):
    """One line of a follow-up's history: a move, a note, a reply, a new owner, a broken promise."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Moved"
        NOTE = "note", "Note"
        REPLY = "reply", "Reply"
        ASSIGNED = "assigned", "Assigned"
        BREACHED = "breached", "Overdue"
        ANSWER_EDITED = "answer_edited", "Answer changed"

    organization = OrganizationKey(related_name="+")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_label = models.CharField(max_length=200, blank=True)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    text = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta(OwnedModel.Meta):
        ordering = ["at", "id"]
        constraints = [OwnedModel.owned_key("follow_up_entry")]
        indexes = [
            # The history of one follow-up.
            models.Index(fields=["organization", "follow_up", "at"], name="follow_up_entry_history")
        ]

    def __str__(self):
        return self.kind


class SlaBreach(OwnedModel):
    """A promise that was not kept, noted once."""

    class Promise(models.TextChoices):
        FIRST_CONTACT = "first_contact", "First contact"
        RESOLUTION = "resolution", "Resolution"

    organization = OrganizationKey(related_name="sla_breaches")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="breaches")
    promise = models.CharField(max_length=13, choices=Promise)
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("sla_breach"),
            models.UniqueConstraint(fields=["organization", "follow_up", "promise"], name="sla_breach_once"),
        ]

    def __str__(self):
        return self.promise


class FollowUpDigest(OwnedModel):
    """Follow-ups opened in a burst, by their numbers: staff hear of them in one mail rather than one by one."""

    organization = OrganizationKey(related_name="follow_up_digests")
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("follow_up_digest"),
            # One is being filled; also finds when the last one went out.
            models.UniqueConstraint(
                fields=["organization"], condition=Q(queued_at__isnull=True), name="follow_up_digest_one_open"
            ),
        ]
        indexes = [
            # The sweep: digests to be written.
            models.Index(
                fields=["due_at"],
                condition=Q(queued_at__isnull=True),
                name="follow_up_digest_due",
                include=["organization"],
            )
        ]

    def __str__(self):
        return f"{self.first_number}-{self.last_number}"
