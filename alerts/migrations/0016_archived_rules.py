"""Rules can be archived: off for good, and not deleted, since alerts point at them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("alerts", "0015_old_bulk_deeds")]

    operations = [
        migrations.AddField("alertrule", "is_archived", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "alertrule",
            models.CheckConstraint(
                condition=Q(is_archived=False) | Q(is_active=False), name="alert_rule_archived_is_off"
            ),
        ),
    ]
