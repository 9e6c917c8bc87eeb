"""Milestones whose asks could not be planned at once."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0002_guards"),
        ("surveys", "0004_taking_answers"),
        ("tenancy", "0005_old_replies"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnplannedEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("is_quarantined", models.BooleanField(default=False)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "milestone_event",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unplanned",
                        to="journeys.milestoneevent",
                    ),
                ),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unplanned_events",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_quarantined", False)),
                        fields=["due_at"],
                        include=("organization",),
                        name="unplanned_event_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="unplanned_event_owned_key"),
                    models.UniqueConstraint(fields=("organization", "milestone_event"), name="unplanned_event_once"),
                ],
            },
        ),
        SecureOwned("UnplannedEvent"),
        CreateDoor(
            "door_due_unplanned_events(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM surveys_unplannedevent WHERE due_at <= now() AND NOT is_quarantined
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("surveys_unplannedevent", "organization_id, due_at, is_quarantined")],
        ),
    ]
