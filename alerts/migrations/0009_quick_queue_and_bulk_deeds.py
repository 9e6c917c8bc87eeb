"""Indexes in the order of the queue, and the door to bulk deeds with rows left."""

import datetime

from django.db import migrations, models
from django.db.models import Case, F, OrderBy, Q, Value, When
from django.db.models.functions import Least

from tenancy.operations import CreateDoor

NEVER = datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)
CLOCK_STANDS = Q(resolved_at__isnull=False) | Q(paused_at__isnull=False) | Q(state="merged")
DUE_ORDER = Case(
    When(CLOCK_STANDS, then=Value(NEVER, output_field=models.DateTimeField())),
    When(first_contacted_at__isnull=True, then=Least("first_contact_due_at", "resolution_due_at")),
    default=F("resolution_due_at"),
    output_field=models.DateTimeField(),
)
DONE = Q(state__in=["closed", "merged"])


class Migration(migrations.Migration):
    dependencies = [("alerts", "0008_what_is_no_answer")]

    operations = [
        migrations.RemoveIndex("followup", "follow_up_queue"),
        migrations.AddIndex(
            "followup", models.Index("organization", DUE_ORDER, condition=~DONE, name="follow_up_in_order")
        ),
        migrations.AddIndex(
            "followup",
            models.Index(
                "organization",
                OrderBy(F("closed_at"), descending=True, nulls_last=True),
                OrderBy(F("number"), descending=True),
                condition=DONE,
                name="follow_up_done",
            ),
        ),
        migrations.AddField("bulkdeed", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("bulkdeed", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddIndex(
            "bulkdeed",
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="bulk_deed_due",
                include=["organization"],
            ),
        ),
        CreateDoor(
            "door_due_bulk_deeds(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM alerts_bulkdeed WHERE due_at <= now()
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("alerts_bulkdeed", "organization_id, due_at")],
        ),
    ]
