"""Targets: where a score should be by a day."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0002_guards"),
        ("metrics", "0003_dashboard_views"),
        ("surveys", "0006_reading_for_answers"),
        ("tenancy", "0007_mail_that_was_given_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("measure", models.CharField(choices=[("nps", "NPS"), ("csat", "CSAT"), ("ces", "CES")], max_length=4)),
                ("points", models.PositiveSmallIntegerField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("email", "E-mail"), ("link", "Link"), ("api", "API"), ("import", "Import")],
                        max_length=6,
                    ),
                ),
                ("from_value", models.DecimalField(decimal_places=1, max_digits=5)),
                ("to_value", models.DecimalField(decimal_places=1, max_digits=5)),
                ("start_on", models.DateField()),
                ("by_on", models.DateField()),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    tenancy.owned.OrganizationKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="tenancy.organization",
                    ),
                ),
                (
                    "survey",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="surveys.survey",
                    ),
                ),
                (
                    "touchpoint",
                    tenancy.owned.OwnedForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="journeys.touchpoint",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="target_owned_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("organization", "measure", "points", "survey", "touchpoint", "channel"),
                        name="target_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_on__gt", models.F("start_on"))), name="target_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_value__gte", -100), ("to_value__gte", models.F("from_value")), ("to_value__lte", 100)
                        ),
                        name="target_does_not_fall",
                    ),
                ],
            },
        ),
        SecureOwned("Target"),
    ]
