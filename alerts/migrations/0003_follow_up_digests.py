"""Digests of follow-ups opened in a burst; and a promise of first contact ends with the resolution."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import CreateDoor, RemoveDoor, SecureOwned

FOLLOW_UPS_READ = [
    (
        "alerts_followup",
        "id, organization_id, first_contact_due_at, first_contacted_at, resolution_due_at, resolved_at",
    ),
    ("alerts_slabreach", "organization_id, follow_up_id, promise"),
]


def due_follow_ups(contact_promise: str) -> str:
    """The body of the door to broken promises; `contact_promise` says when first contact is still owed."""
    return f"""
                SELECT organization_id FROM (
                    SELECT f.organization_id, f.first_contact_due_at AS due_at FROM alerts_followup f
                    WHERE {contact_promise} AND f.first_contact_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'first_contact')
                    UNION ALL
                    SELECT f.organization_id, f.resolution_due_at FROM alerts_followup f
                    WHERE f.resolved_at IS NULL AND f.resolution_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'resolution')
                ) overdue GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """  # noqa: S608  (two fixed conditions)


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0002_guards"),
        ("tenancy", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUpDigest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("first_number", models.PositiveIntegerField()),
                ("last_number", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("queued_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_up_digests",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("queued_at__isnull", True)),
                        fields=["due_at"],
                        include=("organization",),
                        name="follow_up_digest_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="follow_up_digest_owned_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("queued_at__isnull", True)),
                        fields=("organization",),
                        name="follow_up_digest_one_open",
                    ),
                ],
            },
        ),
        SecureOwned("FollowUpDigest"),
        CreateDoor(
            "door_due_digests(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM alerts_followupdigest
                WHERE due_at <= now() AND queued_at IS NULL
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("alerts_followupdigest", "organization_id, due_at, queued_at")],
        ),
        RemoveDoor(
            "door_due_follow_ups(at_most integer)",
            returns="SETOF uuid",
            body=due_follow_ups("f.first_contacted_at IS NULL"),
            reads=FOLLOW_UPS_READ,
        ),
        CreateDoor(
            "door_due_follow_ups(at_most integer)",
            returns="SETOF uuid",
            body=due_follow_ups("f.first_contacted_at IS NULL AND f.resolved_at IS NULL"),
            reads=FOLLOW_UPS_READ,
        ),
    ]
