"""The task of closing the loop with one customer, its history, and what people do with it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from alerts.models.clocks import Priority, SlaPolicy
from alerts.models.owners import Team
from alerts.models.playbooks import Playbook
from alerts.models.rules import Alert
from alerts.queues import ACTIVE, DUE_ORDER, FollowUpQuerySet
from customers.models import Customer
from surveys.models import Response
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedManager, OwnedModel


class FollowUp(OwnedModel):
    """The task of closing the loop with one customer."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        CONTACTED = "contacted", "Contacted"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Loop closed"
        MERGED = "merged", "Merged"

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", "Customer satisfied"
        EXPLAINED = "explained", "Explained, no change possible"
        COMPENSATED = "compensated", "Compensated"
        LOST = "lost", "Customer lost"
        UNREACHABLE = "unreachable", "Could not be reached"
        NO_ACTION = "no_action", "No action needed"

    class Pause(models.TextChoices):
        CUSTOMER = "customer", "Waiting for the customer"
        SNOOZED = "snoozed", "Snoozed"

    class Closing(models.TextChoices):
        TOLD = "told", "The customer was told"
        IMPOSSIBLE = "impossible", "The customer could not be told"

    organization = OrganizationKey(related_name="follow_ups")
    # Counted per organization from 1; what people say to one another: "follow-up 214".
    number = models.PositiveIntegerField()
    customer = OwnedForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="follow_ups")
    alert = OwnedForeignKey(Alert, on_delete=models.PROTECT, related_name="follow_ups")
    # The answer it is about; None: a silence or a score that fell opened it, and the alert's reason says which.
    # Later answers of the customer: FollowUpAnswer.
    response = OwnedForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="follow_ups")
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    # What was promised when it opened; a later change of the policy promises nothing new here.
    sla_policy = OwnedForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="follow_ups")
    playbook = OwnedForeignKey(Playbook, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    team = OwnedForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
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
    # The key of a RootCause.
    root_cause = models.CharField(max_length=60, blank=True)
    closing = models.CharField(max_length=10, choices=Closing, blank=True)
    # The clock stands still from here on, for this reason, and goes on by itself then.
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=8, choices=Pause, blank=True)
    resumes_at = models.DateTimeField(null=True)
    # The promised times in all, in the time of the policy's calendar: what percentages of escalation are of.
    first_contact_budget = models.DurationField(null=True)
    resolution_budget = models.DurationField(null=True)
    # When the next escalation step may be due; None: none is left.
    escalates_at = models.DateTimeField(null=True)
    # The customer wrote, and nobody has reacted yet.
    customer_wrote_at = models.DateTimeField(null=True)
    merged_into = OwnedForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    objects = OwnedManager.of(FollowUpQuerySet)  # type: ignore[django-manager-missing, misc]

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("follow_up"),
            models.UniqueConstraint(fields=["organization", "number"], name="follow_up_number"),
            models.UniqueConstraint(fields=["organization", "alert"], name="follow_up_once_per_alert"),
            models.UniqueConstraint(fields=["organization", "response"], name="follow_up_once_per_response"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged", "contacted", "resolved", "closed", "merged"]),
                name="follow_up_state",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="follow_up_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, pause_reason="", resumes_at__isnull=True)
                | (Q(paused_at__isnull=False, resumes_at__isnull=False) & ~Q(pause_reason="")),
                name="follow_up_pause_whole",
            ),
        ]
        indexes = [
            # The queue: what is to do, by the promise whose clock runs.
            models.Index("organization", DUE_ORDER, condition=ACTIVE, name="follow_up_in_order"),
            # What is done, newest first.
            models.Index(
                "organization",
                F("closed_at").desc(nulls_last=True),
                F("number").desc(),
                condition=~ACTIVE,
                name="follow_up_done",
            ),
            # The open follow-ups of one person.
            models.Index(
                fields=["organization", "owner"],
                condition=~Q(state__in=["closed", "merged"]),
                name="follow_up_owner_active",
            ),
            # The sweep of escalation steps.
            models.Index(
                fields=["escalates_at"],
                condition=Q(escalates_at__isnull=False),
                name="follow_up_escalates",
                include=["organization"],
            ),
            # The sweep of clocks that go on.
            models.Index(
                fields=["resumes_at"],
                condition=Q(resumes_at__isnull=False),
                name="follow_up_resumes",
                include=["organization"],
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

    @property
    def whom(self) -> str:
        """Whose experience it is about; a score that fell is about more than one."""
        if self.customer is not None:
            return str(self.customer)
        return "Unknown customer" if self.response_id else "Several customers"


class FollowUpEntry(OwnedModel):
    """One line of a follow-up's history: a move, a note, a reply, a new owner, a broken promise."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Moved"
        NOTE = "note", "Note"
        REPLY = "reply", "Reply"
        ASSIGNED = "assigned", "Assigned"
        BREACHED = "breached", "Overdue"
        ANSWER_EDITED = "answer_edited", "Answer changed"
        ANSWER_ADDED = "answer_added", "New answer"
        RECEIVED = "received", "Mail from the customer"
        ATTEMPT = "attempt", "Attempt"
        PAUSED = "paused", "Clock paused"
        RESUMED = "resumed", "Clock goes on"
        ESCALATED = "escalated", "Escalated"
        MERGED = "merged", "Merged"
        STEP = "step", "Step of the playbook"
        CHANGED = "changed", "Changed"

    # Of `details`: what people wrote or are called. It stands in no audit log and goes when the customer is erased.
    PERSONAL = frozenset({"to", "subject", "from_address", "quoted", "left_out", "message_id"})

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


class FollowUpAnswer(OwnedModel):
    """A later answer of the same customer, added to the follow-up that was open already."""

    organization = OrganizationKey(related_name="+")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="added_answers")
    response = OwnedForeignKey(Response, on_delete=models.PROTECT, related_name="added_to")
    added_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        ordering = ["added_at", "id"]
        constraints = [
            OwnedModel.owned_key("follow_up_answer"),
            models.UniqueConstraint(fields=["organization", "response"], name="follow_up_answer_once"),
        ]
        indexes = [
            # The answers of one follow-up.
            models.Index(fields=["organization", "follow_up"], name="follow_up_answer_list")
        ]

    def __str__(self):
        return str(self.response_id)


class FollowUpPause(OwnedModel):
    """A time in which the clock stood still."""

    organization = OrganizationKey(related_name="+")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=8, choices=FollowUp.Pause)
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        ordering = ["paused_at"]
        constraints = [
            OwnedModel.owned_key("follow_up_pause"),
            models.UniqueConstraint(
                fields=["organization", "follow_up"],
                condition=Q(resumed_at__isnull=True),
                name="follow_up_pause_one_open",
            ),
        ]

    def __str__(self):
        return self.reason


class Watcher(OwnedModel):
    """Somebody who wants to hear of every change of one follow-up."""

    organization = OrganizationKey(related_name="+")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="watchers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("watcher"),
            models.UniqueConstraint(fields=["organization", "follow_up", "user"], name="watcher_once"),
        ]

    def __str__(self):
        return str(self.user_id)


class RootCause(OwnedModel):
    """What was at the bottom of it: a list of two levels that each organization edits."""

    organization = OrganizationKey(related_name="root_causes")
    # What follow-ups and the API know it by; it never changes.
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    parent = OwnedForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    # Kept for what it stood for, offered no more.
    is_archived = models.BooleanField(default=False)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "name"]
        constraints = [
            OwnedModel.owned_key("root_cause"),
            models.UniqueConstraint(fields=["organization", "key"], name="root_cause_key_once"),
        ]

    def __str__(self):
        return self.name


class SavedView(OwnedModel):
    """A queue somebody keeps by name; without a user it is everybody's."""

    organization = OrganizationKey(related_name="saved_views")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    # The query of the queue's address, as sorted pairs.
    query = models.CharField(max_length=1000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "name"]
        constraints = [
            OwnedModel.owned_key("saved_view"),
            models.UniqueConstraint(
                fields=["organization", "user", "name"], name="saved_view_once", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return self.name


class BulkDeed(OwnedModel):
    """One deed done to many follow-ups: what was asked for, what became of each, and how to take it back."""

    organization = OrganizationKey(related_name="bulk_deeds")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    deed = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    # [{"number": 12, "ok": true, "why": "", "before": {...}, "version": 7}, ...]
    rows = models.JSONField(default=list)
    # When there is something to do next; None: it is being prepared, or it is done.
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("bulk_deed")]
        indexes = [
            # The sweep: deeds with rows left.
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="bulk_deed_due",
                include=["organization"],
            )
        ]

    def __str__(self):
        return self.deed


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
