"""The door to imports whose uploaded file has been kept long enough."""

from django.db import migrations

from tenancy.operations import CreateDoor


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_guards")]

    operations = [
        CreateDoor(
            "door_old_imports(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM customers_importjob
                WHERE due_at <= now() AND state NOT IN ('checking', 'running')
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("customers_importjob", "organization_id, due_at, state")],
        ),
    ]
