"""Where experience happens: the customer's path, its points of contact, and the moments reached there."""

from django.db import models

from customers.models import Customer
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Journey(OwnedModel):
    """An end-to-end path of a customer."""

    organization = OrganizationKey(related_name="journeys")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "created_at"]
        constraints = [
            OwnedModel.owned_key("journey"),
            models.UniqueConstraint(fields=["organization", "name"], name="journey_name_once"),
        ]

    def __str__(self):
        return self.name


class Stage(OwnedModel):
    """A phase of a journey."""

    organization = OrganizationKey(related_name="stages")
    journey = OwnedForeignKey(Journey, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            OwnedModel.owned_key("stage"),
            models.UniqueConstraint(fields=["organization", "journey", "name"], name="stage_name_once"),
        ]

    def __str__(self):
        return self.name


class Touchpoint(OwnedModel):
    """One point of contact in one channel."""

    class Kind(models.TextChoices):
        WEB = "web", "Website"
        APP = "app", "App"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        STORE = "store", "Store"
        DELIVERY = "delivery", "Delivery"
        SUPPORT = "support", "Support"
        OTHER = "other", "Other"

    organization = OrganizationKey(related_name="touchpoints")
    stage = OwnedForeignKey(Stage, on_delete=models.PROTECT, related_name="touchpoints")
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    is_moment_of_truth = models.BooleanField("moment of truth", default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            OwnedModel.owned_key("touchpoint"),
            models.UniqueConstraint(fields=["organization", "name"], name="touchpoint_name_once"),
        ]

    def __str__(self):
        return self.name


class Milestone(OwnedModel):
    """A named moment at a touchpoint, by the key a customer's system reports it with: "order.delivered"."""

    organization = OrganizationKey(related_name="milestones")
    touchpoint = OwnedForeignKey(Touchpoint, on_delete=models.PROTECT, related_name="milestones")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)

    class Meta(OwnedModel.Meta):
        ordering = ["key"]
        constraints = [
            OwnedModel.owned_key("milestone"),
            models.UniqueConstraint(fields=["organization", "key"], name="milestone_key_once"),
        ]

    def __str__(self):
        return self.name


class MilestoneEvent(OwnedModel):
    """One customer reaching a milestone once."""

    organization = OrganizationKey(related_name="milestone_events")
    customer = OwnedForeignKey(Customer, on_delete=models.CASCADE, related_name="milestone_events")
    milestone = OwnedForeignKey(Milestone, on_delete=models.PROTECT, related_name="events")
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    properties = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=120)
    source = models.CharField(max_length=10)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("milestone_event"),
            models.UniqueConstraint(fields=["organization", "idempotency_key"], name="milestone_event_once"),
        ]
        indexes = [
            # The customer's timeline.
            models.Index(fields=["organization", "customer", "-occurred_at"], name="milestone_event_timeline")
        ]

    def __str__(self):
        return self.idempotency_key
