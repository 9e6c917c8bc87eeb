"""How responses reach the database: one statement for any number, with their answers and audit lines.

The rows travel as JSON to a function (migration 0004_taking_answers), and PostgreSQL makes them rows of tables again,
so that a batch of five hundred and a single answer are the same statement. A response that is there already (its
submission key or its invitation) takes neither its answers nor its audit line with it; who comes second at the same
moment waits for the first and then finds it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from surveys.models import Answer, Response
from tenancy.audit import Actor, audit_entry
from tenancy.models import AuditEntry, User
from tenancy.rows import as_json


def store_responses(
    responses: Sequence[Response], answers: Sequence[Answer], *, by: Sequence[Actor | User] | None, at: datetime
) -> set[UUID]:
    """Store them; returns the ids of those that are new. `by` has the actor of each; without it, no audit lines."""
    lines: list[AuditEntry] = []
    if by is not None:
        lines = [
            audit_entry(
                "response.recorded", on=each, by=actor, at=at, details={"score": each.score, "channel": each.channel}
            )
            for each, actor in zip(responses, by, strict=True)
        ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT surveys_store(%s, %s, %s)", [as_json(responses), as_json(answers), as_json(lines)])
        return {row[0] for row in cursor.fetchall()}
