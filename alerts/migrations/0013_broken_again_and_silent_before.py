"""A promise that is made anew can be broken anew, and a rule about silence remembers how far its looks have come."""

from importlib import import_module

from django.db import migrations, models

from tenancy.operations import CreateDoor, RemoveDoor

DOOR = "door_due_follow_ups(at_most integer)"
before = import_module("alerts.migrations.0007_guards_and_doors")
READS = [before.FOLLOW_UPS_READ[0], ("alerts_slabreach", "organization_id, follow_up_id, promise, due_at")]
# A promise that only became stricter after it was broken is noted already.
BODY = """
                SELECT organization_id FROM (
                    SELECT f.organization_id, f.first_contact_due_at AS due_at FROM alerts_followup f
                    WHERE f.first_contacted_at IS NULL AND f.resolved_at IS NULL AND f.paused_at IS NULL
                    AND f.state <> 'merged' AND f.first_contact_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'first_contact'
                        AND b.due_at >= f.first_contact_due_at)
                    UNION ALL
                    SELECT f.organization_id, f.resolution_due_at FROM alerts_followup f
                    WHERE f.resolved_at IS NULL AND f.paused_at IS NULL
                    AND f.state <> 'merged' AND f.resolution_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'resolution'
                        AND b.due_at >= f.resolution_due_at)
                ) overdue GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """


class Migration(migrations.Migration):
    dependencies = [("alerts", "0011_steps_that_are_due")]

    operations = [
        migrations.AddField("rulecheck", "looked_until", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("slabreach", "sla_breach_once"),
        migrations.AddConstraint(
            "slabreach",
            models.UniqueConstraint(fields=("organization", "follow_up", "promise", "due_at"), name="sla_breach_once"),
        ),
        RemoveDoor(
            DOOR,
            returns="SETOF uuid",
            body=before.due_follow_ups(" AND f.paused_at IS NULL AND f.state <> 'merged'"),
            reads=before.FOLLOW_UPS_READ,
        ),
        CreateDoor(DOOR, returns="SETOF uuid", body=BODY, reads=READS),
    ]
