"""When somebody is told that a step is due, and the door to those. Steps that are on a checklist already tell nobody."""

from django.db import migrations, models
from django.db.models import Q

from tenancy.operations import CreateDoor


class Migration(migrations.Migration):
    dependencies = [("alerts", "0010_old_notifications")]

    operations = [
        migrations.AddField("followupstep", "tells_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "followupstep",
            models.Index(fields=["tells_at"], condition=Q(done_at__isnull=True), name="follow_up_step_due"),
        ),
        CreateDoor(
            "door_due_steps(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM alerts_followupstep WHERE tells_at <= now() AND done_at IS NULL
                GROUP BY organization_id ORDER BY min(tells_at) LIMIT at_most
            """,
            reads=[("alerts_followupstep", "organization_id, tells_at, done_at")],
        ),
    ]
