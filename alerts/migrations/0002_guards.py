"""Row-level security on what alerts owns, and the doors to answers and clocks that are due."""

from django.db import migrations

from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]

    operations = [
        SecureOwned("SlaPolicy", "AlertRule", "Evaluation", "Alert", "FollowUp", "FollowUpEntry", "SlaBreach"),
        CreateDoor(
            "door_due_evaluations(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM alerts_evaluation
                WHERE due_at <= now() AND done_at IS NULL AND NOT is_quarantined
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("alerts_evaluation", "organization_id, due_at, done_at, is_quarantined")],
        ),
        CreateDoor(
            "door_due_follow_ups(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM (
                    SELECT f.organization_id, f.first_contact_due_at AS due_at FROM alerts_followup f
                    WHERE f.first_contacted_at IS NULL AND f.first_contact_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'first_contact')
                    UNION ALL
                    SELECT f.organization_id, f.resolution_due_at FROM alerts_followup f
                    WHERE f.resolved_at IS NULL AND f.resolution_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'resolution')
                ) overdue GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[
                (
                    "alerts_followup",
                    "id, organization_id, first_contact_due_at, first_contacted_at, resolution_due_at, resolved_at",
                ),
                ("alerts_slabreach", "organization_id, follow_up_id, promise"),
            ],
        ),
    ]
