"""Row-level security on what journeys owns."""

from django.db import migrations

from tenancy.operations import SecureOwned


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial")]

    operations = [
        SecureOwned("Journey", "Stage", "Touchpoint", "Milestone", "MilestoneEvent"),
    ]
