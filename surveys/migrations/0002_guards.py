"""Row-level security on what surveys owns, and the doors to an invitation and to those that are due."""

from django.db import migrations

from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        SecureOwned("Survey", "SurveyVersion", "Question", "Distribution", "Invitation", "Response", "Answer"),
        CreateDoor(
            "door_invitation(wanted uuid)",
            returns="uuid",
            body="SELECT organization_id FROM surveys_invitation WHERE id = wanted",
            reads=[("surveys_invitation", "id, organization_id")],
        ),
        CreateDoor(
            "door_due_invitations(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM surveys_invitation
                WHERE due_at <= now()
                AND (status IN ('planned', 'deferred') OR (status = 'sending' AND lease_until <= now()))
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("surveys_invitation", "organization_id, due_at, status, lease_until")],
        ),
    ]
