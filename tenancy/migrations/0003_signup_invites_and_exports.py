"""Wishes of people who sign up, invitations whose links are signed, and exports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import CreateDoor, RemoveDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0002_guards"),
    ]

    operations = [
        RemoveDoor(
            "door_membership_invite(wanted text)",
            returns="TABLE (id uuid, organization_id uuid)",
            body="SELECT id, organization_id FROM tenancy_membershipinvite WHERE secret_hash = wanted",
            reads=[("tenancy_membershipinvite", "id, organization_id, secret_hash")],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("filters", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Being written"),
                            ("finished", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("file_name", models.CharField(max_length=120)),
                ("rows_total", models.PositiveIntegerField(null=True)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExportChunk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.RemoveConstraint(
            model_name="membershipinvite",
            name="membership_invite_secret",
        ),
        migrations.RemoveField(
            model_name="membershipinvite",
            name="secret_hash",
        ),
        migrations.AddField(
            model_name="membershipinvite",
            name="sent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="wished_organization",
            field=models.CharField(blank=True, editable=False, max_length=120),
        ),
        migrations.AddConstraint(
            model_name="membershipinvite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("organization", "email"),
                name="membership_invite_once",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="organization",
            field=tenancy.owned.OrganizationKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exports",
                to="tenancy.organization",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="requested_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="exportchunk",
            name="export",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chunks",
                to="tenancy.export",
            ),
        ),
        migrations.AddField(
            model_name="exportchunk",
            name="organization",
            field=tenancy.owned.OrganizationKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization"
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["organization", "-created_at"], name="export_newest"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                include=("organization",),
                name="export_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="export_owned_key"),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="export_chunk_owned_key"),
        ),
        migrations.AddConstraint(
            model_name="exportchunk",
            constraint=models.UniqueConstraint(fields=("organization", "export", "number"), name="export_chunk_once"),
        ),
        SecureOwned("Export", "ExportChunk"),
        CreateDoor(
            "door_membership_invite(wanted uuid)",
            returns="uuid",
            body="SELECT organization_id FROM tenancy_membershipinvite WHERE id = wanted",
            reads=[("tenancy_membershipinvite", "id, organization_id")],
        ),
        CreateDoor(
            "door_due_exports(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM tenancy_export
                WHERE due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("tenancy_export", "organization_id, due_at, lease_until")],
        ),
    ]
