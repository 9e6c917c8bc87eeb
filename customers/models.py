"""Whom we listen to: customers, whether we may write to them, and the imports that bring them in."""

from django.db import models
from django.db.models import Q

from tenancy.models import User
from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel


class Customer(OwnedModel):
    """The person whose experience it is."""

    organization = OrganizationKey(related_name="customers")
    # The company's own key for this person; null when it has none.
    external_id = models.CharField(max_length=120, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    # As typed, and as compared: NFKC, lower case. Stored, since lower(email) uses no index beneath a policy.
    email = models.EmailField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, null=True, blank=True, editable=False)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    audit_label = "Customer"

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("customer"),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(external_id__isnull=False),
                name="customer_external_id_key",
            ),
            models.UniqueConstraint(
                fields=["organization", "email_key"],
                condition=Q(email_key__isnull=False),
                name="customer_email_key",
            ),
        ]
        indexes = [
            # The list, newest first, and its paging.
            models.Index(fields=["organization", "-created_at", "-id"], name="customer_newest"),
        ]

    def __str__(self):
        return self.name or self.email or self.external_id or "Unnamed customer"


class Consent(OwnedModel):
    """What a customer allowed or withdrew, one row a decision; the newest row of a purpose counts."""

    class Purpose(models.TextChoices):
        SURVEY = "survey", "To be asked"
        CONTACT = "contact", "To be contacted about an answer"

    organization = OrganizationKey(related_name="consents")
    customer = OwnedForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose)
    is_given = models.BooleanField()
    source = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("consent")]
        indexes = [
            # The newest decision of one customer for one purpose.
            models.Index(fields=["organization", "customer", "purpose", "-at"], name="consent_newest")
        ]

    def __str__(self):
        return f"{self.purpose}: {'given' if self.is_given else 'withdrawn'}"


class Suppression(OwnedModel):
    """An address we must not write to. Kept by address, so that it outlives the customer's row."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
        BOUNCED = "bounced", "Mail came back"
        COMPLAINED = "complained", "Marked as spam"
        MANUAL = "manual", "Added by staff"

    organization = OrganizationKey(related_name="suppressions")
    email_key = models.CharField(max_length=254)
    reason = models.CharField(max_length=12, choices=Reason)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    audit_label = "Suppression"

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("suppression"),
            models.UniqueConstraint(
                fields=["organization", "email_key"],
                condition=Q(lifted_at__isnull=True),
                name="suppression_once",
            ),
        ]

    def __str__(self):
        return f"{self.email_key}: {self.reason}"


class ImportJob(OwnedModel):
    """One uploaded file on its way in: the row is the queue, and the position in it survives a crash."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Columns to be confirmed"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, not yet stored"
        RUNNING = "running", "Being stored"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    organization = OrganizationKey(related_name="import_jobs")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveIntegerField()
    # What the reader found (encoding, separator, sheet, header) and what the person confirmed (columns, date order).
    file_facts = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("import_job")]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="import_job_newest"),
            # The sweep: jobs with work to do.
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["checking", "running"]),
                name="import_job_due",
                include=["organization"],
            ),
        ]

    def __str__(self):
        return self.file_name


class ImportChunk(OwnedModel):
    """One mebibyte of the uploaded file, in PostgreSQL so that any worker on any machine can read it."""

    organization = OrganizationKey(related_name="+")
    job = OwnedForeignKey(ImportJob, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("import_chunk"),
            models.UniqueConstraint(fields=["organization", "job", "number"], name="import_chunk_once"),
        ]

    def __str__(self):
        return f"{self.number}"


class ImportRefusal(OwnedModel):
    """A row that was not taken, with the column and the rule, and the cells as they came."""

    organization = OrganizationKey(related_name="+")
    job = OwnedForeignKey(ImportJob, on_delete=models.CASCADE, related_name="refusals")
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=60)
    message = models.CharField(max_length=500)
    cells = models.JSONField(default=list)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("import_refusal"),
            models.UniqueConstraint(fields=["organization", "job", "row_number"], name="import_refusal_once"),
        ]

    def __str__(self):
        return f"row {self.row_number}: {self.message}"
