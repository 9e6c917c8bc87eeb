"""The door to replies of the API that were kept long enough, and the index it uses."""

from django.db import migrations, models

from tenancy.operations import CreateDoor


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0004_idempotent_replies")]

    operations = [
        migrations.AddIndex(
            model_name="idempotentreply",
            index=models.Index(fields=["created_at"], name="idempotent_reply_old", include=["organization"]),
        ),
        CreateDoor(
            "door_old_replies(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM tenancy_idempotentreply
                WHERE created_at <= now() - interval '24 hours'
                GROUP BY organization_id ORDER BY min(created_at) LIMIT at_most
            """,
            reads=[("tenancy_idempotentreply", "organization_id, created_at")],
        ),
    ]
