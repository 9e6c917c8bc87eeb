"""How are we doing: counts per day from which every score is derived, and the days that must be counted again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from journeys.models import Touchpoint
from surveys.models import Channel, Measure, Survey
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class DailyScore(OwnedModel):
    """What one survey heard at one touchpoint by one channel on one day: counts only, since scores do not add up."""

    organization = OrganizationKey(related_name="daily_scores")
    survey = OwnedForeignKey(Survey, on_delete=models.CASCADE, related_name="daily_scores")
    touchpoint = OwnedForeignKey(Touchpoint, null=True, on_delete=models.CASCADE, related_name="daily_scores")
    channel = models.CharField(max_length=6, choices=Channel)
    # A day in the organization's time zone.
    day = models.DateField()
    measure = models.CharField(max_length=4, choices=Measure)
    # Eleven counts: how many answered 0, 1, ... 10 (for scales of 1-5 and 1-7 the others stay 0).
    counts = ArrayField(models.PositiveIntegerField(), size=11)
    comments = models.PositiveIntegerField(default=0)
    # Of the invitations sent on this day: how many were delivered, and how many of those were ever answered.
    delivered = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("daily_score"),
            models.UniqueConstraint(
                fields=["organization", "day", "survey", "touchpoint", "channel"],
                nulls_distinct=False,
                name="daily_score_once",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.measure}"


class DirtyDay(OwnedModel):
    """A mark that a day must be counted again. Marks are only ever added: one shared row would be a queue of
    everybody who answers at the same time. A refresh deletes the marks it saw."""

    organization = OrganizationKey(related_name="dirty_days")
    day = models.DateField()
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("dirty_day")]
        indexes = [models.Index(fields=["organization", "day"], name="dirty_day_marks")]

    def __str__(self):
        return str(self.day)
