import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.owned


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0003_follow_up_digests"),
        ("customers", "0003_old_uploads"),
        ("journeys", "0002_guards"),
        ("surveys", "0006_reading_for_answers"),
        ("tenancy", "0005_old_replies"),
        ("tenancy", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "delegate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization", "ends_at"], name="absence_current")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="absence_owned_key"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="absence_has_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRuleVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("at", models.DateTimeField()),
                ("by_label", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "rule",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="alerts.alertrule",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="alert_rule_version_owned_key"),
                    models.UniqueConstraint(fields=("organization", "rule", "number"), name="alert_rule_version_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "entry",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="alerts.followupentry",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization", "entry"], name="attachment_entry")],
                "constraints": [models.UniqueConstraint(fields=("organization", "id"), name="attachment_owned_key")],
            },
        ),
        migrations.CreateModel(
            name="BulkDeed",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("deed", models.CharField(max_length=20)),
                ("values", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("done_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_deeds",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("organization", "id"), name="bulk_deed_owned_key")],
            },
        ),
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("is_main", models.BooleanField(default=False)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("working_hours", models.JSONField(blank=True, null=True)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=10)),
                ("days_off", models.JSONField(blank=True, default=list)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendars",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="calendar_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="calendar_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)), fields=("organization",), name="calendar_one_main"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "promise",
                    models.CharField(
                        choices=[("first_contact", "First contact"), ("resolution", "Resolution")], max_length=13
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "tells",
                    models.CharField(
                        choices=[
                            ("owner", "The owner"),
                            ("lead", "The lead of the team"),
                            ("admin", "Admins"),
                            ("person", "A named person"),
                        ],
                        max_length=6,
                    ),
                ),
                ("person_key", models.CharField(blank=True, max_length=36)),
                ("due_at", models.DateTimeField()),
                ("escalated_at", models.DateTimeField()),
                ("told", models.JSONField(default=list)),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="escalation_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "follow_up", "promise", "percent", "tells", "person_key"),
                        name="escalation_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "promise",
                    models.CharField(
                        choices=[("first_contact", "First contact"), ("resolution", "Resolution")], max_length=13
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "tells",
                    models.CharField(
                        choices=[
                            ("owner", "The owner"),
                            ("lead", "The lead of the team"),
                            ("admin", "Admins"),
                            ("person", "A named person"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation_steps",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sla_policy",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation_steps",
                        to="alerts.slapolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["percent", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="escalation_step_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "sla_policy", "promise", "percent", "tells", "person"),
                        name="escalation_step_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__range", (1, 1000))), name="escalation_step_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("tells", "person")),
                            models.Q(models.Q(("tells", "person"), _negated=True), ("person__isnull", True)),
                            _connector="OR",
                        ),
                        name="escalation_step_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="added_answers",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "response",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="added_to",
                        to="surveys.response",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization", "follow_up"], name="follow_up_answer_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="follow_up_answer_owned_key"),
                    models.UniqueConstraint(fields=("organization", "response"), name="follow_up_answer_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpPause",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[("customer", "Waiting for the customer"), ("snoozed", "Snoozed")], max_length=8
                    ),
                ),
                ("paused_at", models.DateTimeField()),
                ("resumed_at", models.DateTimeField(null=True)),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["paused_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="follow_up_pause_owned_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_at__isnull", True)),
                        fields=("organization", "follow_up"),
                        name="follow_up_pause_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("message_key", models.CharField(max_length=200)),
                ("from_address", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("raw", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "To be read"),
                            ("taken", "In the follow-up"),
                            ("ignored", "Set aside"),
                            ("failed", "Could not be read"),
                        ],
                        default="due",
                        max_length=7,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "entry",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="alerts.followupentry",
                    ),
                ),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbound_mails",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbound_mails",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")),
                        fields=["due_at"],
                        include=("organization",),
                        name="inbound_mail_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="inbound_mail_owned_key"),
                    models.UniqueConstraint(fields=("organization", "message_key"), name="inbound_mail_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Initiative",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Under way"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=7,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("root_causes", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="initiatives",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="initiative_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="initiative_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("event", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("path", models.CharField(blank=True, max_length=300)),
                ("context", models.JSONField(default=dict)),
                ("dedupe_key", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("is_shown", models.BooleanField(default=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("mail_due_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_shown", True)),
                        fields=["organization", "user", "-at"],
                        name="notification_newest",
                    ),
                    models.Index(
                        condition=models.Q(("mail_due_at__isnull", False)),
                        fields=["mail_due_at"],
                        include=("organization",),
                        name="notification_mail_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="notification_owned_key"),
                    models.UniqueConstraint(fields=("organization", "user", "dedupe_key"), name="notification_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationChannel",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("secret", models.TextField(blank=True)),
                ("shown", models.CharField(blank=True, max_length=254)),
                ("events", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_channels",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="notification_channel_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="notification_channel_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("event", models.CharField(max_length=40)),
                (
                    "mail",
                    models.CharField(
                        choices=[("instant", "At once"), ("hourly", "Gathered, once an hour"), ("off", "Not at all")],
                        default="instant",
                        max_length=7,
                    ),
                ),
                ("in_app", models.BooleanField(default=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="notification_choice_owned_key"),
                    models.UniqueConstraint(fields=("organization", "user", "event"), name="notification_choice_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Playbook",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("situation", models.TextField(blank=True)),
                ("guideline_url", models.URLField(blank=True, max_length=500)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="playbooks",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="playbook_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="playbook_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("quiet_from", models.TimeField()),
                ("quiet_until", models.TimeField()),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="quiet_hours_owned_key"),
                    models.UniqueConstraint(fields=("organization", "user"), name="quiet_hours_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("closed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("score_before", models.SmallIntegerField(null=True)),
                ("score_after", models.SmallIntegerField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recovered", "Recovered"),
                            ("unchanged", "Unchanged"),
                            ("worse", "Worse"),
                            ("silent", "Silent"),
                            ("not_asked", "Not asked"),
                        ],
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recoveries",
                        to="alerts.followup",
                    ),
                ),
                (
                    "invitation",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.invitation",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recoveries",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "response",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.response",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        include=("organization",),
                        name="recovery_due",
                    ),
                    models.Index(fields=["organization", "invitation"], name="recovery_invitation"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="recovery_owned_key"),
                    models.UniqueConstraint(fields=("organization", "follow_up", "closed_at"), name="recovery_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("days_after", models.PositiveSmallIntegerField(default=7)),
                ("fatigue_days", models.PositiveSmallIntegerField(default=60)),
                ("silent_after_days", models.PositiveSmallIntegerField(default=14)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_plans",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "survey",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="recovery_plan_owned_key"),
                    models.UniqueConstraint(fields=("organization",), name="recovery_plan_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RootCause",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_archived", models.BooleanField(default=False)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="root_causes",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "parent",
                    tenancy.owned.OwnedForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="alerts.rootcause",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="root_cause_owned_key"),
                    models.UniqueConstraint(fields=("organization", "key"), name="root_cause_key_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("due_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_checks",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "rule",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="alerts.alertrule",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["due_at"], include=("organization",), name="rule_check_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="rule_check_owned_key"),
                    models.UniqueConstraint(fields=("organization", "rule"), name="rule_check_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="saved_view_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "user", "name"), name="saved_view_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teams",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="team_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="team_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watcher",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("since", models.DateTimeField()),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watchers",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="watcher_owned_key"),
                    models.UniqueConstraint(fields=("organization", "follow_up", "user"), name="watcher_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("event", models.CharField(max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("count", models.PositiveIntegerField(default=1)),
                ("dedupe_key", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("sending", "Being sent"),
                            ("delivered", "Delivered"),
                            ("given_up", "Given up"),
                        ],
                        default="due",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("response_status", models.PositiveSmallIntegerField(null=True)),
                ("response_text", models.CharField(blank=True, max_length=500)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "channel",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="alerts.notificationchannel",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["due", "sending"])),
                        fields=["due_at"],
                        include=("organization",),
                        name="delivery_due",
                    ),
                    models.Index(fields=["organization", "-created_at"], name="delivery_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="delivery_owned_key"),
                    models.UniqueConstraint(fields=("organization", "channel", "dedupe_key"), name="delivery_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=300)),
                ("guideline_url", models.URLField(blank=True, max_length=500)),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="alerts.followup",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "playbook",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.playbook",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["organization", "follow_up"], name="follow_up_step_list"),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["organization", "owner", "due_at"],
                        name="follow_up_step_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="follow_up_step_owned_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="InitiativeFollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "follow_up",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="initiatives",
                        to="alerts.followup",
                    ),
                ),
                (
                    "initiative",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="alerts.initiative",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="initiative_follow_up_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "initiative", "follow_up"), name="initiative_follow_up_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InitiativeMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("sending", "Being sent"), ("sent", "Sent")],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "initiative",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="alerts.initiative",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        include=("organization",),
                        name="initiative_message_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="initiative_message_owned_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="InitiativeTouchpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "initiative",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touchpoints",
                        to="alerts.initiative",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "touchpoint",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.touchpoint",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="initiative_touchpoint_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "initiative", "touchpoint"), name="initiative_touchpoint_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnerRule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "A named person"),
                            ("attribute", "The person whose e-mail stands in an attribute of the customer"),
                            ("by_region", "The team for the value of an attribute (a region, say)"),
                            ("by_touchpoint", "The team of the touchpoint"),
                            ("round_robin", "The members of a team in turn"),
                            ("least_load", "The member of a team with the fewest open follow-ups"),
                        ],
                        max_length=13,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("attribute", models.CharField(blank=True, max_length=60)),
                ("teams", models.JSONField(blank=True, default=dict)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owner_rules",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    tenancy.owned.OwnedForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owner_rules",
                        to="alerts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="owner_rule_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name"), name="owner_rule_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaybookStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=300)),
                (
                    "doer",
                    models.CharField(
                        choices=[
                            ("owner", "The owner"),
                            ("lead", "The lead of the team"),
                            ("person", "A named person"),
                        ],
                        default="owner",
                        max_length=6,
                    ),
                ),
                ("due_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("guideline_url", models.URLField(blank=True, max_length=500)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "playbook",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="alerts.playbook",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("organization", "id"), name="playbook_step_owned_key")],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=80)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_templates",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "playbook",
                    tenancy.owned.OwnedForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_templates",
                        to="alerts.playbook",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="reply_template_owned_key"),
                    models.UniqueConstraint(fields=("organization", "name", "language"), name="reply_template_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffSettings",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("most_open", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "calendar",
                    tenancy.owned.OwnedForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alerts.calendar",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_settings",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="staff_settings_owned_key"),
                    models.UniqueConstraint(fields=("organization", "user"), name="staff_settings_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("last_chosen_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team_members",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "team",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="alerts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="team_member_owned_key"),
                    models.UniqueConstraint(fields=("organization", "team", "user"), name="team_member_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="InitiativeRecipient",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("is_sent", models.BooleanField(null=True)),
                ("why_not", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "message",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="alerts.initiativemessage",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="initiative_recipient_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "message", "customer"), name="initiative_recipient_once"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="followup",
            name="follow_up_state",
        ),
        migrations.RemoveIndex(
            model_name="followup",
            name="follow_up_queue",
        ),
        migrations.AddField(
            model_name="alert",
            name="customer",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="alerts",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="follow_up",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reasons",
                to="alerts.followup",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="is_held_out",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="alert",
            name="reason",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="alert",
            name="rule_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="alert",
            name="subject",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.AddField(
            model_name="alert",
            name="updated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="actions",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="conditions",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="holdout_percent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answer", "An answer"),
                    ("silence", "No answer from a customer"),
                    ("threshold", "A score that falls"),
                ],
                default="answer",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="opens_follow_up",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="priority",
            field=models.CharField(
                choices=[("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low")],
                default="normal",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="settle_minutes",
            field=models.PositiveSmallIntegerField(default=15),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="starts_survey",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.survey",
            ),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="followup",
            name="closing",
            field=models.CharField(
                blank=True,
                choices=[("told", "The customer was told"), ("impossible", "The customer could not be told")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="customer_wrote_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="escalates_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="first_contact_budget",
            field=models.DurationField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="merged_into",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="alerts.followup",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="pause_reason",
            field=models.CharField(
                blank=True, choices=[("customer", "Waiting for the customer"), ("snoozed", "Snoozed")], max_length=8
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="priority",
            field=models.CharField(
                choices=[("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low")],
                default="normal",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="resolution_budget",
            field=models.DurationField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="resumes_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="sla_policy",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="alerts.slapolicy",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="is_wall_clock",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="longest_pause_days",
            field=models.PositiveSmallIntegerField(default=14),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="priority",
            field=models.CharField(
                blank=True,
                choices=[("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low")],
                max_length=6,
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="alert",
            name="response",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alerts",
                to="surveys.response",
            ),
        ),
        migrations.AlterField(
            model_name="alertrule",
            name="sla_policy",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alert_rules",
                to="alerts.slapolicy",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="root_cause",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name="followup",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("acknowledged", "Acknowledged"),
                    ("contacted", "Contacted"),
                    ("resolved", "Resolved"),
                    ("closed", "Loop closed"),
                    ("merged", "Merged"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="followupentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("moved", "Moved"),
                    ("note", "Note"),
                    ("reply", "Reply"),
                    ("assigned", "Assigned"),
                    ("breached", "Overdue"),
                    ("answer_edited", "Answer changed"),
                    ("answer_added", "New answer"),
                    ("received", "Mail from the customer"),
                    ("attempt", "Attempt"),
                    ("paused", "Clock paused"),
                    ("resumed", "Clock goes on"),
                    ("escalated", "Escalated"),
                    ("merged", "Merged"),
                    ("step", "Step of the playbook"),
                    ("changed", "Changed"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["organization", "follow_up"], name="alert_follow_up"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["organization", "response"], name="alert_response"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["organization", "rule", "raised_at"], name="alert_rule_recent"),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="calendar",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sla_policies",
                to="alerts.calendar",
            ),
        ),
        migrations.AddConstraint(
            model_name="slapolicy",
            constraint=models.UniqueConstraint(fields=("organization", "priority"), name="sla_policy_priority_once"),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="owner_rule",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alert_rules",
                to="alerts.ownerrule",
            ),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="playbook",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alert_rules",
                to="alerts.playbook",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="playbook",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="alerts.playbook",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("settle_minutes__lte", 60)), name="alert_rule_settles_within_an_hour"
            ),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("holdout_percent", 0), models.Q(("holdout_percent__lte", 50), ("priority", "low")), _connector="OR"
                ),
                name="alert_rule_holdout_of_low_priority",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="team",
            field=tenancy.owned.OwnedForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="follow_ups",
                to="alerts.team",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("state__in", ["closed", "merged"]), _negated=True),
                fields=["organization", "first_contact_due_at"],
                name="follow_up_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("state__in", ["closed", "merged"]), _negated=True),
                fields=["organization", "owner"],
                name="follow_up_owner_active",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("escalates_at__isnull", False)),
                fields=["escalates_at"],
                include=("organization",),
                name="follow_up_escalates",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("resumes_at__isnull", False)),
                fields=["resumes_at"],
                include=("organization",),
                name="follow_up_resumes",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "acknowledged", "contacted", "resolved", "closed", "merged"])
                ),
                name="follow_up_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="follow_up_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pause_reason", ""), ("paused_at__isnull", True), ("resumes_at__isnull", True)),
                    models.Q(
                        ("paused_at__isnull", False),
                        ("resumes_at__isnull", False),
                        models.Q(("pause_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="follow_up_pause_whole",
            ),
        ),
    ]
