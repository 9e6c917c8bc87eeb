"""Asking and listening: instruments and their versions, who is asked when and why not, and what came back."""

from django.db import models
from django.db.models import Q

from customers.models import Customer
from journeys.models import Milestone, MilestoneEvent, Touchpoint
from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Measure(models.TextChoices):
    """What a survey's score question measures; the scale follows from it."""

    NPS = "nps", "NPS"
    CSAT = "csat", "CSAT"
    CES = "ces", "CES"


class Channel(models.TextChoices):
    """By which way an answer came."""

    EMAIL = "email", "E-mail"
    LINK = "link", "Link"
    API = "api", "API"
    IMPORT = "import", "Import"


class Survey(OwnedModel):
    """An instrument. What it says is in its versions; how often and when it asks is in its distributions."""

    class Kind(models.TextChoices):
        RELATIONAL = "relational", "About the relationship"
        TRANSACTIONAL = "transactional", "About one touchpoint"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    organization = OrganizationKey(related_name="surveys")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=13, choices=Kind)
    measure = models.CharField(max_length=4, choices=Measure)
    # Scale points of the score question: 11 for NPS (0-10), 5 or 7 for CSAT, 7 for CES.
    points = models.PositiveSmallIntegerField()
    touchpoint = OwnedForeignKey(Touchpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="surveys")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("survey"),
            models.UniqueConstraint(fields=["organization", "name"], name="survey_name_once"),
            models.CheckConstraint(condition=Q(state__in=["draft", "live", "paused", "closed"]), name="survey_state"),
        ]

    def __str__(self):
        return self.name


class SurveyVersion(OwnedModel):
    """What a survey says. The draft is the version without `published_at`; a published one never changes."""

    organization = OrganizationKey(related_name="survey_versions")
    survey = OwnedForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    default_language = models.CharField(max_length=12, default="en")
    # {language: {subject, preheader, intro, thanks_promoter, thanks_passive, thanks_detractor, link_label, link_url}}
    texts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("survey_version"),
            models.UniqueConstraint(fields=["organization", "survey", "number"], name="survey_version_number"),
            models.UniqueConstraint(
                fields=["organization", "survey"],
                condition=Q(published_at__isnull=True),
                name="survey_one_draft",
            ),
        ]

    def __str__(self):
        return f"{self.number}"


class Question(OwnedModel):
    """One question of a version."""

    class Kind(models.TextChoices):
        SCORE = "score", "Score"
        VERBATIM = "verbatim", "In their own words"
        CONTACT = "contact", "May we contact you?"

    organization = OrganizationKey(related_name="+")
    version = OwnedForeignKey(SurveyVersion, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    # {language: {title, low_label, high_label}}, for verbatim {language: {promoter, passive, detractor}}
    texts = models.JSONField(default=dict)

    class Meta(OwnedModel.Meta):
        ordering = ["position"]
        constraints = [
            OwnedModel.owned_key("question"),
            models.UniqueConstraint(fields=["organization", "version", "position"], name="question_position"),
        ]

    def __str__(self):
        return f"{self.kind}"


class Distribution(OwnedModel):
    """One send plan: ask after this milestone, this much later."""

    organization = OrganizationKey(related_name="distributions")
    survey = OwnedForeignKey(Survey, on_delete=models.CASCADE, related_name="distributions")
    milestone = OwnedForeignKey(Milestone, on_delete=models.PROTECT, related_name="distributions")
    delay_minutes = models.PositiveIntegerField(default=0)
    # Overrides the organization's own; null takes that.
    fatigue_days = models.PositiveSmallIntegerField(null=True, blank=True)
    expires_days = models.PositiveSmallIntegerField(default=30)
    is_active = models.BooleanField(default=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("distribution"),
            models.UniqueConstraint(fields=["organization", "survey", "milestone"], name="distribution_once"),
        ]

    def __str__(self):
        return f"{self.milestone_id}"


class Invitation(OwnedModel):
    """One customer asked once, or not: every candidate ask is a row, and its status and reason are the ledger."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        DEFERRED = "deferred", "Put off"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        UNKNOWN = "unknown", "Not known whether sent"
        FAILED = "failed", "Not sent"
        DROPPED = "dropped", "Not asked"

    organization = OrganizationKey(related_name="invitations")
    survey = OwnedForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    # Fixed when the mail goes out; until then what is live then will be asked.
    version = OwnedForeignKey(SurveyVersion, null=True, on_delete=models.PROTECT, related_name="invitations")
    distribution = OwnedForeignKey(Distribution, null=True, on_delete=models.SET_NULL, related_name="invitations")
    customer = OwnedForeignKey(Customer, on_delete=models.CASCADE, related_name="invitations")
    milestone_event = OwnedForeignKey(MilestoneEvent, null=True, on_delete=models.SET_NULL, related_name="invitations")
    touchpoint = OwnedForeignKey(Touchpoint, null=True, on_delete=models.PROTECT, related_name="invitations")
    # One ask per plan and event; a manual ask has a key of its own.
    idempotency_key = models.CharField(max_length=120)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.EMAIL)
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNED)
    # A code of surveys/reasons.py, which says it in words with these details.
    reason = models.CharField(max_length=40, blank=True)
    reason_details = models.JSONField(default=dict)
    to_address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    # A click on a score link in the mail: shown to staff as "clicked, not confirmed", never in a score.
    provisional_score = models.PositiveSmallIntegerField(null=True)
    provisional_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, blank=True)

    audit_label = "Invitation"

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("invitation"),
            models.UniqueConstraint(fields=["organization", "idempotency_key"], name="invitation_once"),
        ]
        indexes = [
            # The sweep: what is due, and what a crash left in `sending`.
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["planned", "deferred", "sending"]),
                name="invitation_due",
                include=["organization"],
            ),
            # The ledger, newest first.
            models.Index(fields=["organization", "-created_at", "-id"], name="invitation_newest"),
            # The fatigue budget and the customer's timeline.
            models.Index(fields=["organization", "customer", "-sent_at"], name="invitation_customer"),
            # An event that goes with its customer leaves its invitations.
            models.Index(
                fields=["organization", "milestone_event"],
                condition=Q(milestone_event__isnull=False),
                name="invitation_event",
            ),
            # Delivered per day, for the response rate.
            models.Index(
                fields=["organization", "sent_at"], condition=Q(sent_at__isnull=False), name="invitation_sent"
            ),
        ]

    def __str__(self):
        return f"{self.survey_id} to {self.to_address}"


class UnplannedEvent(OwnedModel):
    """A milestone reached whose asks could not be planned at once; gone when they are."""

    organization = OrganizationKey(related_name="unplanned_events")
    milestone_event = OwnedForeignKey(MilestoneEvent, on_delete=models.CASCADE, related_name="unplanned")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    is_quarantined = models.BooleanField(default=False)
    last_error = models.CharField(max_length=500, blank=True)

    audit_label = "Event to plan"

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("unplanned_event"),
            models.UniqueConstraint(fields=["organization", "milestone_event"], name="unplanned_event_once"),
        ]
        indexes = [
            # The sweep.
            models.Index(
                fields=["due_at"],
                condition=Q(is_quarantined=False),
                name="unplanned_event_due",
                include=["organization"],
            )
        ]

    def __str__(self):
        return str(self.milestone_event_id)


class Response(OwnedModel):
    """One customer's filled-in survey. The score stands here, since every count needs it; each answer is a row."""

    class Group(models.TextChoices):
        PROMOTER = "promoter", "Promoter"
        PASSIVE = "passive", "Passive"
        DETRACTOR = "detractor", "Detractor"

    organization = OrganizationKey(related_name="responses")
    survey = OwnedForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    version = OwnedForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="responses")
    invitation = OwnedForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="responses")
    customer = OwnedForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="responses")
    touchpoint = OwnedForeignKey(Touchpoint, null=True, on_delete=models.PROTECT, related_name="responses")
    channel = models.CharField(max_length=6, choices=Channel)
    measure = models.CharField(max_length=4, choices=Measure)
    score = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=9, choices=Group)
    has_verbatim = models.BooleanField(default=False)
    language = models.CharField(max_length=12, blank=True)
    may_contact = models.BooleanField(null=True)
    # The customer's attributes as they were when they answered.
    attributes = models.JSONField(default=dict)
    responded_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    # "invitation:<id>", "api:<key>" or "import:<digest>": the same answer twice is one row.
    submission_key = models.CharField(max_length=120)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("response"),
            models.UniqueConstraint(fields=["organization", "submission_key"], name="response_once"),
            models.UniqueConstraint(
                fields=["organization", "invitation"],
                condition=Q(invitation__isnull=False),
                name="response_once_per_invitation",
            ),
            models.CheckConstraint(condition=Q(score__lte=10), name="response_score_on_scale"),
        ]
        indexes = [
            # The list and the feed, newest first; the refill of a day.
            models.Index(fields=["organization", "-responded_at", "-id"], name="response_newest"),
            # The customer's timeline.
            models.Index(
                fields=["organization", "customer", "-responded_at"],
                condition=Q(customer__isnull=False),
                name="response_customer",
            ),
        ]

    def __str__(self):
        return f"{self.measure} {self.score}"


class Answer(OwnedModel):
    """The answer to one question of a response."""

    organization = OrganizationKey(related_name="+")
    response = OwnedForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = OwnedForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Question.Kind)
    number = models.SmallIntegerField(null=True)
    text = models.TextField(blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("answer"),
            models.UniqueConstraint(fields=["organization", "response", "question"], name="answer_once"),
        ]

    def __str__(self):
        return self.text or str(self.number)
