"""Follow-ups about no single answer, and what a threshold remembers of the places that fell."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.owned


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0007_guards_and_doors"),
        ("surveys", "0006_reading_for_answers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="followup",
            name="response",
            field=tenancy.owned.OwnedForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="surveys.response",
            ),
        ),
        migrations.AddField(
            model_name="rulecheck",
            name="fallen",
            field=models.JSONField(default=dict),
        ),
    ]
