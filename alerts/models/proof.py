"""Whether it helped: asking again after closing, and mending causes rather than cases."""

from django.db import models
from django.db.models import Q

from alerts.models.follow_ups import FollowUp
from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Invitation, Response, Survey
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class RecoveryPlan(OwnedModel):
    """Ask again some days after a loop was closed; one plan an organization."""

    organization = OrganizationKey(related_name="recovery_plans")
    survey = OwnedForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    days_after = models.PositiveSmallIntegerField(default=7)
    # Its own rule of fatigue: nobody is asked this more often than once in so many days.
    fatigue_days = models.PositiveSmallIntegerField(default=60)
    # A recovery that was not answered in so many days counts as silent.
    silent_after_days = models.PositiveSmallIntegerField(default=14)
    is_active = models.BooleanField(default=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("recovery_plan"),
            models.UniqueConstraint(fields=["organization"], name="recovery_plan_once"),
        ]

    def __str__(self):
        return f"{self.days_after} days"


class Recovery(OwnedModel):
    """Whether one closed loop helped: asked again, and what came of it."""

    class Result(models.TextChoices):
        RECOVERED = "recovered", "Recovered"
        UNCHANGED = "unchanged", "Unchanged"
        WORSE = "worse", "Worse"
        SILENT = "silent", "Silent"
        NOT_ASKED = "not_asked", "Not asked"

    organization = OrganizationKey(related_name="recoveries")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="recoveries")
    # Which closing this is about: a follow-up that was reopened and closed again is asked about again.
    closed_at = models.DateTimeField()
    # When there is something to do next: ask, or count as silent.
    due_at = models.DateTimeField(null=True)
    invitation = OwnedForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+")
    response = OwnedForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)
    score_before = models.SmallIntegerField(null=True)
    score_after = models.SmallIntegerField(null=True)
    result = models.CharField(max_length=9, choices=Result, blank=True)
    decided_at = models.DateTimeField(null=True)
    # Why nobody was asked, in words.
    why = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("recovery"),
            models.UniqueConstraint(fields=["organization", "follow_up", "closed_at"], name="recovery_once"),
        ]
        indexes = [
            # The sweep: to ask, or to count as silent.
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="recovery_due",
                include=["organization"],
            ),
            # Which recovery an answer belongs to.
            models.Index(fields=["organization", "invitation"], name="recovery_invitation"),
        ]

    def __str__(self):
        return self.result


class Initiative(OwnedModel):
    """A cause that is mended for everybody: the outer loop."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    organization = OrganizationKey(related_name="initiatives")
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    due_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    # Keys of root causes it is to end.
    root_causes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            OwnedModel.owned_key("initiative"),
            models.UniqueConstraint(fields=["organization", "name"], name="initiative_name_once"),
        ]

    def __str__(self):
        return self.name


class InitiativeTouchpoint(OwnedModel):
    """A touchpoint that an initiative is to improve."""

    organization = OrganizationKey(related_name="+")
    initiative = OwnedForeignKey(Initiative, on_delete=models.CASCADE, related_name="touchpoints")
    touchpoint = OwnedForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="+")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("initiative_touchpoint"),
            models.UniqueConstraint(
                fields=["organization", "initiative", "touchpoint"], name="initiative_touchpoint_once"
            ),
        ]

    def __str__(self):
        return str(self.touchpoint_id)


class InitiativeFollowUp(OwnedModel):
    """A follow-up that raised what an initiative mends."""

    organization = OrganizationKey(related_name="+")
    initiative = OwnedForeignKey(Initiative, on_delete=models.CASCADE, related_name="follow_ups")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="initiatives")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("initiative_follow_up"),
            models.UniqueConstraint(
                fields=["organization", "initiative", "follow_up"], name="initiative_follow_up_once"
            ),
        ]

    def __str__(self):
        return str(self.follow_up_id)


class InitiativeMessage(OwnedModel):
    """The message “you said, we did”, to the customers who raised it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"

    organization = OrganizationKey(related_name="+")
    initiative = OwnedForeignKey(Initiative, on_delete=models.CASCADE, related_name="messages")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # When the sweep takes its next batch of recipients.
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("initiative_message")]
        indexes = [
            # The sweep: messages with recipients left.
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="initiative_message_due",
                include=["organization"],
            )
        ]

    def __str__(self):
        return self.subject


class InitiativeRecipient(OwnedModel):
    """One customer of a message: written to, or why not."""

    organization = OrganizationKey(related_name="+")
    message = OwnedForeignKey(InitiativeMessage, on_delete=models.CASCADE, related_name="recipients")
    customer = OwnedForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    # None: still to be decided; true: written to.
    is_sent = models.BooleanField(null=True)
    why_not = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("initiative_recipient"),
            models.UniqueConstraint(fields=["organization", "message", "customer"], name="initiative_recipient_once"),
        ]

    def __str__(self):
        return str(self.customer_id)
