"""Mail from customers, as it came in, and what was attached to it."""

from django.db import models
from django.db.models import Q

from alerts.models.follow_ups import FollowUp, FollowUpEntry
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class InboundMail(OwnedModel):
    """One mail to the reply address of a follow-up: stored when it arrives, read by a sweep."""

    class State(models.TextChoices):
        DUE = "due", "To be read"
        TAKEN = "taken", "In the follow-up"
        IGNORED = "ignored", "Set aside"
        FAILED = "failed", "Could not be read"

    organization = OrganizationKey(related_name="inbound_mails")
    follow_up = OwnedForeignKey(FollowUp, on_delete=models.CASCADE, related_name="inbound_mails")
    entry = OwnedForeignKey(FollowUpEntry, null=True, on_delete=models.SET_NULL, related_name="+")
    # The Message-ID, or a hash of the whole mail where it has none: the same mail twice is one.
    message_key = models.CharField(max_length=200)
    from_address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    # What it says, while it is held: whoever decides about it reads that first.
    text = models.TextField(blank=True)
    # RFC 5322, as received; emptied once it is taken.
    raw = models.BinaryField()
    state = models.CharField(max_length=7, choices=State, default=State.DUE)
    # Why it was set aside, in words.
    why = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("inbound_mail"),
            models.UniqueConstraint(fields=["organization", "message_key"], name="inbound_mail_once"),
        ]
        indexes = [
            # The sweep: mail to be read.
            models.Index(fields=["due_at"], condition=Q(state="due"), name="inbound_mail_due", include=["organization"])
        ]

    def __str__(self):
        return self.subject


class Attachment(OwnedModel):
    """A file a customer sent along, within the limits."""

    organization = OrganizationKey(related_name="attachments")
    entry = OwnedForeignKey(FollowUpEntry, on_delete=models.CASCADE, related_name="attachments")
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("attachment")]
        indexes = [
            # The files of one line of history.
            models.Index(fields=["organization", "entry"], name="attachment_entry")
        ]

    def __str__(self):
        return self.file_name
