"""Links to dashboards for people without an account, and the door they come in by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0004_targets"),
        ("tenancy", "0007_mail_that_was_given_up"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DashboardLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("token_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_opened_at", models.DateTimeField(null=True)),
                (
                    "created_by",
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
                        related_name="dashboard_links",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="dashboard_link_owned_key"),
                    models.UniqueConstraint(fields=("token_hash", "organization"), name="dashboard_link_token"),
                ],
            },
        ),
        SecureOwned("DashboardLink"),
        # Expired, revoked and unknown are the same from outside: nothing.
        CreateDoor(
            "door_dashboard_link(wanted text)",
            returns="uuid",
            body="""
                SELECT organization_id FROM metrics_dashboardlink
                WHERE token_hash = wanted AND revoked_at IS NULL AND expires_at > now()
            """,
            reads=[("metrics_dashboardlink", "organization_id, token_hash, revoked_at, expires_at")],
        ),
    ]
