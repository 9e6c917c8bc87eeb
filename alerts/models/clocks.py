"""When somebody must have acted: calendars, promised times, escalation steps, and promises that were not kept."""

from django.db import models
from django.db.models import Q

from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Priority(models.TextChoices):
    """How soon somebody must care, most urgent first."""

    URGENT = "urgent", "Urgent"
    HIGH = "high", "High"
    NORMAL = "normal", "Normal"
    LOW = "low", "Low"


class Calendar(OwnedModel):
    """Working time somewhere: zone, weekly hours, public holidays of a country, extra days off.

    What is left empty is the organization's own; the main calendar is the one of everybody who names no other.
    """

    organization = OrganizationKey(related_name="calendars")
    name = models.CharField(max_length=80)
    is_main = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, blank=True)
    # As in tenancy.working_hours; None: the organization's.
    working_hours = models.JSONField(null=True, blank=True)
    # ISO 3166 codes as the holidays library knows them; empty: no public holidays.
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    # Extra days off: [{"on": "2026-12-24", "name": "Company holiday"}, ...]
    days_off = models.JSONField(default=list, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("calendar"),
            models.UniqueConstraint(fields=["organization", "name"], name="calendar_name_once"),
            models.UniqueConstraint(fields=["organization"], condition=Q(is_main=True), name="calendar_one_main"),
        ]

    def __str__(self):
        return self.name


class SlaPolicy(OwnedModel):
    """The times we promise ourselves: in working hours and days of a calendar, or in plain time."""

    organization = OrganizationKey(related_name="sla_policies")
    name = models.CharField(max_length=80)
    # The policy that holds for this priority where a rule names no other.
    priority = models.CharField(max_length=6, choices=Priority, null=True, blank=True)
    first_contact_hours = models.PositiveSmallIntegerField(default=24)
    resolution_days = models.PositiveSmallIntegerField(default=5)
    is_wall_clock = models.BooleanField(default=False)
    calendar = OwnedForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="sla_policies")
    # A clock that waits for the customer or is snoozed goes on after so many days at the latest.
    longest_pause_days = models.PositiveSmallIntegerField(default=14)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("sla_policy"),
            models.UniqueConstraint(fields=["organization", "name"], name="sla_policy_name_once"),
            models.UniqueConstraint(fields=["organization", "priority"], name="sla_policy_priority_once"),
        ]

    def __str__(self):
        return self.name


class Promise(models.TextChoices):
    """The two promises of a follow-up."""

    FIRST_CONTACT = "first_contact", "First contact"
    RESOLUTION = "resolution", "Resolution"


class EscalationStep(OwnedModel):
    """Who is told when so much of a promised time is used up."""

    class Tells(models.TextChoices):
        OWNER = "owner", "The owner"
        LEAD = "lead", "The lead of the team"
        ADMIN = "admin", "Admins"
        PERSON = "person", "A named person"

    organization = OrganizationKey(related_name="escalation_steps")
    sla_policy = OwnedForeignKey(SlaPolicy, on_delete=models.CASCADE, related_name="escalation_steps")
    promise = models.CharField(max_length=13, choices=Promise)
    # Of the promised time, 1 to 1000; 100 is the due moment itself.
    percent = models.PositiveSmallIntegerField()
    tells = models.CharField(max_length=6, choices=Tells)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta(OwnedModel.Meta):
        ordering = ["percent", "id"]
        constraints = [
            OwnedModel.owned_key("escalation_step"),
            models.UniqueConstraint(
                fields=["organization", "sla_policy", "promise", "percent", "tells", "person"],
                name="escalation_step_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(percent__range=(1, 1000)), name="escalation_step_percent"),
            models.CheckConstraint(
                condition=Q(tells="person", person__isnull=False) | (~Q(tells="person") & Q(person__isnull=True)),
                name="escalation_step_person",
            ),
        ]

    def __str__(self):
        return f"{self.promise} {self.percent} %"


class Escalation(OwnedModel):
    """A step that was taken on one follow-up: who was told what, once."""

    organization = OrganizationKey(related_name="escalations")
    follow_up = OwnedForeignKey("alerts.FollowUp", on_delete=models.CASCADE, related_name="escalations")
    promise = models.CharField(max_length=13, choices=Promise)
    percent = models.PositiveSmallIntegerField()
    tells = models.CharField(max_length=6, choices=EscalationStep.Tells)
    # The named person of the step, empty otherwise; part of the key, so no null.
    person_key = models.CharField(max_length=36, blank=True)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField()
    # Names of the people told, as they were then.
    told = models.JSONField(default=list)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("escalation"),
            models.UniqueConstraint(
                fields=["organization", "follow_up", "promise", "percent", "tells", "person_key"],
                name="escalation_once",
            ),
        ]

    def __str__(self):
        return f"{self.promise} {self.percent} %"


class SlaBreach(OwnedModel):
    """A promise that was not kept, noted once a due moment: what is opened again promises anew, and may break again."""

    Promise = Promise

    organization = OrganizationKey(related_name="sla_breaches")
    follow_up = OwnedForeignKey("alerts.FollowUp", on_delete=models.CASCADE, related_name="breaches")
    promise = models.CharField(max_length=13, choices=Promise)
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("sla_breach"),
            models.UniqueConstraint(fields=["organization", "follow_up", "promise", "due_at"], name="sla_breach_once"),
        ]

    def __str__(self):
        return self.promise
