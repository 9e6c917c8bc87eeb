"""Who may see what: organizations, people, their membership, keys, the audit log and mail to be sent."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel, new_id
from tenancy.roles import Role

WORKING_HOURS = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}


def default_working_hours() -> dict:
    """Monday to Friday, nine to five; keys are ISO weekdays."""
    return {day: [list(span) for span in spans] for day, spans in WORKING_HOURS.items()}


class Organization(models.Model):
    """Our tenant: a company that listens to its customers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=12, default="en")
    working_hours = models.JSONField(default=default_working_hours)
    brand_color = models.CharField(max_length=7, default="#274690")
    postal_address = models.CharField(max_length=300, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    # How many days a customer is left in peace between two asks, across all surveys and channels.
    fatigue_days = models.PositiveSmallIntegerField(default=30)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # Figures of people without a ranking among them.
    hides_places = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class UserManager(BaseUserManager["User"]):
    """People sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **values) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A login: one person, who may belong to several organizations."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Always stored in lower case, so that one address is one login.
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    language = models.CharField(max_length=12, blank=True)
    has_shortcuts = models.BooleanField("keyboard shortcuts", default=True)
    # The organization this person wanted when signing up; founded once the address is confirmed, then empty again.
    wished_organization = models.CharField(max_length=120, blank=True, editable=False)
    is_active = models.BooleanField(default=True)  # type: ignore[misc]
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # over a plain attribute of the base
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"),
        ]

    def __str__(self):
        return self.name or self.email


class Membership(OwnedModel):
    """A user's place in one organization."""

    organization = OrganizationKey(related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("membership"),
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} ({self.role})"


class MembershipInvite(OwnedModel):
    """An invitation to join, bound to one e-mail address. Its link is signed and nowhere kept (tenancy.invites)."""

    organization = OrganizationKey(related_name="membership_invites")
    # In lower case, as addresses of users are.
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=Role)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("membership_invite"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="membership_invite_once",
            ),
        ]

    def __str__(self):
        return self.email


class ApiKey(OwnedModel):
    """A machine's access to one organization. The secret is shown once; only its hash is kept."""

    organization = OrganizationKey(related_name="api_keys")
    name = models.CharField(max_length=80)
    # The start of the key, which names it in lists and logs: "cxm_live_4f9k2".
    prefix = models.CharField(max_length=24)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("api_key"),
            models.UniqueConstraint(fields=["secret_hash", "organization"], name="api_key_secret"),
        ]

    def __str__(self):
        return f"{self.name} ({self.prefix})"


class AuditEntry(OwnedModel):
    """Who did what to what, when and from where. cxm_app may insert and read, never change."""

    class ActorKind(models.TextChoices):
        USER = "user", "Person"
        API_KEY = "api_key", "API key"
        CUSTOMER = "customer", "Customer"
        SYSTEM = "system", "CXM"

    organization = OrganizationKey(related_name="audit_entries")
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=200, blank=True)
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("audit_entry")]
        indexes = [
            # The audit page: newest first.
            models.Index(fields=["organization", "-at"], name="audit_entry_newest"),
            # The history of one object.
            models.Index(fields=["organization", "object_id", "-at"], name="audit_entry_object"),
        ]

    def __str__(self):
        return self.verb


class OutgoingMail(OwnedModel):
    """A mail to be sent: the row is the queue. It holds facts; it is written out (rendered) when it is sent."""

    class State(models.TextChoices):
        DUE = "due", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        QUARANTINED = "quarantined", "Set aside"

    organization = OrganizationKey(related_name="outgoing_mails")
    # One mail per fact: queueing the same key again changes nothing.
    dedupe_key = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    to_address = models.EmailField(max_length=254)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("outgoing_mail"),
            models.UniqueConstraint(fields=["organization", "dedupe_key"], name="outgoing_mail_once"),
        ]
        indexes = [
            # The sweep: what is due, and what was left in `sending` by a crash.
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["due", "sending"]),
                name="outgoing_mail_due",
                include=["organization"],
            ),
            # What was given up, for the page that shows it and the count beside the queue.
            models.Index(
                fields=["organization", "-id"],
                condition=models.Q(state__in=["failed", "quarantined"]),
                name="outgoing_mail_given_up",
            ),
        ]

    def __str__(self):
        return f"{self.template} to {self.to_address}"


class Export(OwnedModel):
    """A file somebody asked for, on its way to be written: the row is the queue, the file lies in its chunks."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being written"
        FINISHED = "finished", "Ready"
        FAILED = "failed", "Failed"

    organization = OrganizationKey(related_name="exports")
    kind = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    file_name = models.CharField(max_length=120)
    rows_total = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # When there is something to do: at once to write it, days later to throw it away.
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(OwnedModel.Meta):
        constraints = [OwnedModel.owned_key("export")]
        indexes = [
            # The list, newest first.
            models.Index(fields=["organization", "-created_at"], name="export_newest"),
            # The sweep: files to write and files to throw away.
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="export_due",
                include=["organization"],
            ),
        ]

    def __str__(self):
        return self.file_name


class ExportChunk(OwnedModel):
    """A piece of an exported file, in PostgreSQL so that any web process on any machine can hand it out."""

    organization = OrganizationKey(related_name="+")
    export = OwnedForeignKey(Export, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("export_chunk"),
            models.UniqueConstraint(fields=["organization", "export", "number"], name="export_chunk_once"),
        ]

    def __str__(self):
        return f"{self.number}"


class IdempotentReply(OwnedModel):
    """What the API answered to a request with an Idempotency-Key; the same request again gets it again."""

    organization = OrganizationKey(related_name="idempotent_replies")
    key = models.CharField(max_length=255)
    # SHA-256 of method, path and body: the same key for another request is an error, not a replay.
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwnedModel.Meta):
        constraints = [
            OwnedModel.owned_key("idempotent_reply"),
            models.UniqueConstraint(fields=["organization", "key"], name="idempotent_reply_once"),
        ]
        indexes = [
            # The sweep that forgets what is older than a day.
            models.Index(fields=["created_at"], name="idempotent_reply_old", include=["organization"])
        ]

    def __str__(self):
        return self.key
