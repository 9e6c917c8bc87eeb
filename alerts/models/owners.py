"""Who cares for a follow-up: teams with their lead, the order of owner rules, absences and limits."""

from django.db import models
from django.db.models import F, Q

from alerts.models.clocks import Calendar
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Team(OwnedModel):
    """People who share follow-ups; the lead hears of broken promises."""

    organization = OrganizationKey(related_name="teams")
    name = models.CharField(max_length=80)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            OwnedModel.owned_key("team"),
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_once"),
        ]

    def __str__(self):
        return self.name


class TeamMember(OwnedModel):
    """One person in one team."""

    organization = OrganizationKey(related_name="team_members")
    team = OwnedForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # When this person was last chosen in turn; the one who waited longest is next.
    last_chosen_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("team_member"),
            models.UniqueConstraint(fields=["organization", "team", "user"], name="team_member_once"),
        ]

    def __str__(self):
        return str(self.user_id)


class OwnerRule(OwnedModel):
    """One way of finding an owner; tried in order until one gives somebody who may be given more."""

    class Kind(models.TextChoices):
        PERSON = "person", "A named person"
        ATTRIBUTE = "attribute", "The person whose e-mail stands in an attribute of the customer"
        BY_REGION = "by_region", "The team for the value of an attribute (a region, say)"
        BY_TOUCHPOINT = "by_touchpoint", "The team of the touchpoint"
        ROUND_ROBIN = "round_robin", "The members of a team in turn"
        LEAST_LOAD = "least_load", "The member of a team with the fewest open follow-ups"

    organization = OrganizationKey(related_name="owner_rules")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=13, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = OwnedForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="owner_rules")
    # The customer's attribute that holds an e-mail or a region.
    attribute = models.CharField(max_length=60, blank=True)
    # For BY_REGION and BY_TOUCHPOINT: {value or touchpoint id: team id}
    teams = models.JSONField(default=dict, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            OwnedModel.owned_key("owner_rule"),
            models.UniqueConstraint(fields=["organization", "name"], name="owner_rule_name_once"),
        ]

    def __str__(self):
        return self.name


class Absence(OwnedModel):
    """Somebody is away; their follow-ups go to the delegate, or on along the rules where there is none."""

    organization = OrganizationKey(related_name="absences")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    delegate = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["starts_at"]
        constraints = [
            OwnedModel.owned_key("absence"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_has_length"),
        ]
        indexes = [
            # Who is away at a moment.
            models.Index(fields=["organization", "ends_at"], name="absence_current")
        ]

    def __str__(self):
        return str(self.user_id)


class StaffSettings(OwnedModel):
    """What holds for one person's work here: how much at most, and when they work."""

    organization = OrganizationKey(related_name="staff_settings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # None: no limit.
    most_open = models.PositiveSmallIntegerField(null=True, blank=True)
    calendar = OwnedForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("staff_settings"),
            models.UniqueConstraint(fields=["organization", "user"], name="staff_settings_once"),
        ]

    def __str__(self):
        return str(self.user_id)
