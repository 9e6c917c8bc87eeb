"""Row-level security on what customers owns, and the door to imports with work to do."""

from django.db import migrations

from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        SecureOwned("Customer", "Consent", "Suppression", "ImportJob", "ImportChunk", "ImportRefusal"),
        CreateDoor(
            "door_due_imports(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM customers_importjob
                WHERE due_at <= now() AND state IN ('checking', 'running')
                AND (lease_until IS NULL OR lease_until <= now())
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("customers_importjob", "organization_id, due_at, state, lease_until")],
        ),
    ]
