"""How are we doing: counts per day from which every score is derived, the days that must be counted again, dashboards
kept by name or shown to people outside, and targets."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from journeys.models import Touchpoint
from metrics.measures import INSTRUMENTS, Instrument
from surveys.models import Channel, Measure, Survey
from tenancy.models import User
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


class DashboardView(OwnedModel):
    """A dashboard kept by name: what its address says. Without a user it is everybody's, `author` being who made it."""

    organization = OrganizationKey(related_name="dashboard_views")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=60)
    # The parameters of the dashboard's address, sorted, the measure always among them.
    query = models.CharField(max_length=1000)
    # Whether it stands above the filters.
    is_pinned = models.BooleanField(default=True)
    # Whether the organization's dashboard opens with it.
    is_first = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(OwnedModel.Meta):
        ordering = ["position", "name"]
        constraints = [
            OwnedModel.owned_key("dashboard_view"),
            models.UniqueConstraint(
                fields=["organization", "user", "name"], name="dashboard_view_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(is_first=True), name="dashboard_view_first_once"
            ),
            models.CheckConstraint(
                condition=models.Q(is_first=False) | models.Q(user__isnull=True),
                name="dashboard_view_first_is_everybodys",
            ),
        ]

    def __str__(self):
        return self.name


class DashboardLink(OwnedModel):
    """A way for people without an account to one dashboard, as its choices were when the link was made.

    The token is shown once; only its hash is kept.
    """

    organization = OrganizationKey(related_name="dashboard_links")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    token_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("dashboard_link"),
            # The hash first: the door looks it up.
            models.UniqueConstraint(fields=["token_hash", "organization"], name="dashboard_link_token"),
        ]

    def __str__(self):
        return self.name

    def is_open(self, *, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at


class Target(OwnedModel):
    """Where a score should be by a day, and from where it sets out: on a straight line, so that each day has its place.

    It is about exactly what it names: all answers of an instrument, or those of one survey, touchpoint or channel.
    """

    organization = OrganizationKey(related_name="targets")
    measure = models.CharField(max_length=4, choices=Measure)
    points = models.PositiveSmallIntegerField()
    survey = OwnedForeignKey(Survey, null=True, on_delete=models.CASCADE, related_name="targets")
    touchpoint = OwnedForeignKey(Touchpoint, null=True, on_delete=models.CASCADE, related_name="targets")
    channel = models.CharField(max_length=6, choices=Channel, blank=True)
    # In the unit of the headline: points of NPS, or per cent.
    from_value = models.DecimalField(max_digits=5, decimal_places=1)
    to_value = models.DecimalField(max_digits=5, decimal_places=1)
    start_on = models.DateField()
    by_on = models.DateField()
    archived_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("target"),
            # One aim at a time; its index serves the dashboard, which asks for the target of what it shows.
            models.UniqueConstraint(
                fields=["organization", "measure", "points", "survey", "touchpoint", "channel"],
                condition=Q(archived_at=None),
                nulls_distinct=False,
                name="target_once",
            ),
            models.CheckConstraint(condition=Q(by_on__gt=F("start_on")), name="target_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(from_value__gte=-100) & Q(to_value__gte=F("from_value")) & Q(to_value__lte=100),
                name="target_does_not_fall",
            ),
        ]

    def __str__(self):
        return f"{self.get_measure_display()} {self.to_value:+} by {self.by_on}"

    @property
    def instrument(self) -> Instrument:
        """What it is measured with."""
        fitting = (each for each in INSTRUMENTS.values() if (each.measure, each.points) == (self.measure, self.points))
        return next(fitting)

    def place_on(self, day: date) -> float:
        """Where the score should be on a day: on the straight line; at its ends before and after."""
        share = (day - self.start_on).days / (self.by_on - self.start_on).days
        return float(self.from_value) + min(max(share, 0.0), 1.0) * float(self.to_value - self.from_value)
