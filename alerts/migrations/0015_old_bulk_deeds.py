"""The door to deeds done to many that were kept long enough."""

from django.db import migrations

from tenancy.operations import CreateDoor

# Ids are UUIDv7 and sorted by time: the first one of the moment until which things are old.
FIRST_KEPT = """
    (lpad(to_hex((extract(epoch FROM now() - interval '90 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0014_words_of_held_mail")]

    operations = [
        CreateDoor(
            "door_old_bulk_deeds(at_most integer)",
            returns="SETOF uuid",
            body=f"""
                SELECT organization_id FROM alerts_bulkdeed WHERE id < {FIRST_KEPT} AND due_at IS NULL
                GROUP BY organization_id LIMIT at_most
            """,  # noqa: S608  fixed names
            reads=[("alerts_bulkdeed", "organization_id, id, due_at")],
        ),
    ]
