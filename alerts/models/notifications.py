"""Telling people and machines: where to, who wants what, and every delivery with what became of it."""

from django.db import models
from django.db.models import Q

from alerts.models.follow_ups import FollowUp
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class NotificationChannel(OwnedModel):
    """A place outside that is told: a Slack or Teams channel, a signed webhook, a mailbox."""

    organization = OrganizationKey(related_name="notification_channels")
    # The name of a folder entry: see alerts.notifying.channels.
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    # Address and secret, encrypted: whoever reads the database alone can post nowhere.
    secret = models.TextField(blank=True)
    # What may be shown: the host, the mail address.
    shown = models.CharField(max_length=254, blank=True)
    # The events it is told; see alerts.notifying.events.
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            OwnedModel.owned_key("notification_channel"),
            models.UniqueConstraint(fields=["organization", "name"], name="notification_channel_name_once"),
        ]

    def __str__(self):
        return self.name


class NotificationChoice(OwnedModel):
    """How one person wants to hear of one event; without a row the event's own way holds."""

    class Way(models.TextChoices):
        INSTANT = "instant", "At once"
        HOURLY = "hourly", "Gathered, once an hour"
        OFF = "off", "Not at all"

    organization = OrganizationKey(related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    mail = models.CharField(max_length=7, choices=Way, default=Way.INSTANT)
    in_app = models.BooleanField(default=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("notification_choice"),
            models.UniqueConstraint(fields=["organization", "user", "event"], name="notification_choice_once"),
        ]

    def __str__(self):
        return self.event


class QuietHours(OwnedModel):
    """When a person wants no mail: what comes meanwhile is gathered for the end."""

    organization = OrganizationKey(related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Local times in the organization's zone; from after until goes over midnight.
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("quiet_hours"),
            models.UniqueConstraint(fields=["organization", "user"], name="quiet_hours_once"),
        ]

    def __str__(self):
        return f"{self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"


class Notification(OwnedModel):
    """One thing one person is told: shown in the product, and mailed as they chose."""

    organization = OrganizationKey(related_name="notifications")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    follow_up = OwnedForeignKey(FollowUp, null=True, on_delete=models.CASCADE, related_name="notifications")
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, blank=True)
    # Path beneath the organization, without its slug.
    path = models.CharField(max_length=300, blank=True)
    # Facts for the mail, JSON.
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200)
    at = models.DateTimeField()
    is_shown = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    # When the mail is to be written; None: by no mail, or it was.
    mail_due_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("notification"),
            models.UniqueConstraint(fields=["organization", "user", "dedupe_key"], name="notification_once"),
        ]
        indexes = [
            # What a person has not read, newest first.
            models.Index(
                fields=["organization", "user", "-at"], condition=Q(is_shown=True), name="notification_newest"
            ),
            # The sweep: mails to be written.
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail_due_at__isnull=False),
                name="notification_mail_due",
                include=["organization"],
            ),
        ]

    def __str__(self):
        return self.title


class Delivery(OwnedModel):
    """One message to one channel outside, until it is delivered or visibly given up."""

    class State(models.TextChoices):
        DUE = "due", "Waiting"
        SENDING = "sending", "Being sent"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    organization = OrganizationKey(related_name="deliveries")
    channel = OwnedForeignKey(NotificationChannel, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    follow_up = OwnedForeignKey(FollowUp, null=True, on_delete=models.CASCADE, related_name="+")
    # The facts; the channel puts them into its format when it sends.
    facts = models.JSONField(default=dict)
    # How many of the same event this one stands for.
    count = models.PositiveIntegerField(default=1)
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    response_status = models.PositiveSmallIntegerField(null=True)
    # The beginning of what came back.
    response_text = models.CharField(max_length=500, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("delivery"),
            models.UniqueConstraint(fields=["organization", "channel", "dedupe_key"], name="delivery_once"),
        ]
        indexes = [
            # The sweep: what is due, and what a crash left in `sending`.
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["due", "sending"]),
                name="delivery_due",
                include=["organization"],
            ),
            # What became of each, newest first.
            models.Index(fields=["organization", "-created_at"], name="delivery_newest"),
        ]

    def __str__(self):
        return self.event
