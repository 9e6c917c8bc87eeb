"""Dashboards kept by name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.owned
from tenancy.operations import SecureOwned


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0002_guards"),
        ("tenancy", "0007_mail_that_was_given_up"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DashboardView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=tenancy.owned.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("is_pinned", models.BooleanField(default=True)),
                ("is_first", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "author",
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
                        related_name="dashboard_views",
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
                    models.UniqueConstraint(fields=("organization", "id"), name="dashboard_view_owned_key"),
                    models.UniqueConstraint(
                        fields=("organization", "user", "name"), name="dashboard_view_once", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)),
                        fields=("organization",),
                        name="dashboard_view_first_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_first", False), ("user__isnull", True), _connector="OR"),
                        name="dashboard_view_first_is_everybodys",
                    ),
                ],
            },
        ),
        SecureOwned("DashboardView"),
    ]
