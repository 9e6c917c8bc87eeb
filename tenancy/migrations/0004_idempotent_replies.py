"""The first answers to API requests with an Idempotency-Key."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0003_signup_invites_and_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentReply",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=255)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotent_replies",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="idempotent_reply_owned_key"),
                    models.UniqueConstraint(fields=("organization", "key"), name="idempotent_reply_once"),
                ],
            },
        ),
        SecureOwned("IdempotentReply"),
    ]
