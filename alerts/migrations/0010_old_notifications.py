"""The doors to notifications and deliveries that were kept long enough."""

from django.db import migrations

from tenancy.operations import CreateDoor

# Ids are UUIDv7 and sorted by time: the first one of the moment until which things are old.
FIRST_KEPT = """
    (lpad(to_hex((extract(epoch FROM now() - interval '90 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
"""


def old(name: str, table: str, condition: str = "", *, reads: str = "") -> CreateDoor:
    return CreateDoor(
        f"{name}(at_most integer)",
        returns="SETOF uuid",
        body=f"""
                SELECT organization_id FROM {table} WHERE id < {FIRST_KEPT}{condition}
                GROUP BY organization_id LIMIT at_most
            """,  # noqa: S608  fixed names
        reads=[(table, ", ".join(filter(None, ["organization_id", "id", reads])))],
    )


class Migration(migrations.Migration):
    dependencies = [("alerts", "0009_quick_queue_and_bulk_deeds")]

    operations = [
        old("door_old_notifications", "alerts_notification"),
        old("door_old_deliveries", "alerts_delivery", " AND state IN ('delivered', 'given_up')", reads="state"),
    ]
