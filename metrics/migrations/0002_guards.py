"""Row-level security on what metrics owns, and the door to days that must be counted again."""

from django.db import migrations

from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [
        SecureOwned("DailyScore", "DirtyDay"),
        CreateDoor(
            "door_dirty_organizations(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM metrics_dirtyday
                GROUP BY organization_id ORDER BY min(marked_at) LIMIT at_most
            """,
            reads=[("metrics_dirtyday", "organization_id, marked_at")],
        ),
    ]
