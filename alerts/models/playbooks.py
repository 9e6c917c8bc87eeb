"""What to do in which situation: checklists, texts to start from, and how far one follow-up has come."""

from django.db import models
from django.db.models import Q

from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Playbook(OwnedModel):
    """A way of dealing with a situation; rules choose it, people may change it."""

    organization = OrganizationKey(related_name="playbooks")
    name = models.CharField(max_length=80)
    situation = models.TextField(blank=True)
    # Where the guideline stands, if anywhere.
    guideline_url = models.URLField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            OwnedModel.owned_key("playbook"),
            models.UniqueConstraint(fields=["organization", "name"], name="playbook_name_once"),
        ]

    def __str__(self):
        return self.name


class PlaybookStep(OwnedModel):
    """One line of the checklist."""

    class Doer(models.TextChoices):
        OWNER = "owner", "The owner"
        LEAD = "lead", "The lead of the team"
        PERSON = "person", "A named person"

    organization = OrganizationKey(related_name="+")
    playbook = OwnedForeignKey(Playbook, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)
    doer = models.CharField(max_length=6, choices=Doer, default=Doer.OWNER)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Working hours after the follow-up opened; None: no due time of its own.
    due_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    guideline_url = models.URLField(max_length=500, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "id"]
        constraints = [OwnedModel.owned_key("playbook_step")]

    def __str__(self):
        return self.text


class ReplyTemplate(OwnedModel):
    """A text to start a reply from, with merge fields such as {{ customer.name }}."""

    organization = OrganizationKey(related_name="reply_templates")
    playbook = OwnedForeignKey(
        Playbook, null=True, blank=True, on_delete=models.CASCADE, related_name="reply_templates"
    )
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            OwnedModel.owned_key("reply_template"),
            models.UniqueConstraint(fields=["organization", "name", "language"], name="reply_template_once"),
        ]

    def __str__(self):
        return self.name


class FollowUpStep(OwnedModel):
    """A line of the checklist on one follow-up, as it was when the playbook was chosen."""

    organization = OrganizationKey(related_name="+")
    follow_up = OwnedForeignKey("alerts.FollowUp", on_delete=models.CASCADE, related_name="steps")
    playbook = OwnedForeignKey(Playbook, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)
    guideline_url = models.URLField(max_length=500, blank=True)
    # Who has to do it; None: whoever owns the follow-up.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(null=True)
    # When somebody is told that it is due; None: never, or it was told.
    tells_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(OwnedModel.Meta):
        ordering = ["position", "id"]
        constraints = [OwnedModel.owned_key("follow_up_step")]
        indexes = [
            # The checklist of one follow-up, and what is left of it.
            models.Index(fields=["organization", "follow_up"], name="follow_up_step_list"),
            # The steps somebody has to do.
            models.Index(
                fields=["organization", "owner", "due_at"],
                condition=Q(done_at__isnull=True),
                name="follow_up_step_open",
            ),
            # What is to be told.
            models.Index(fields=["tells_at"], condition=Q(done_at__isnull=True), name="follow_up_step_due"),
        ]

    def __str__(self):
        return self.text
