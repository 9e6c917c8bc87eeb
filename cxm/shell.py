"""What the frame around every page shows: the person's organizations and the counts on the rail."""

from dataclasses import dataclass, field

from django.db.models import IntegerField, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from alerts.models import FollowUp
from alerts.notifying.inbox import MOST_COUNTED, count_words, unread_by
from tenancy.middleware import organizations_of
from tenancy.models import Organization, User
from tenancy.scope import current_organization_id, is_in_scope


def shell(request: HttpRequest) -> dict:
    """Context of every page: `organizations` to switch between, `badges` by URL name, and what is `unread`; all are
    looked up when a template asks for them, so that public pages ask nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"organizations": [], "badges": {}, "unread": ""}
    counts = SimpleLazyObject(lambda: _counts(user))
    return {
        "organizations": SimpleLazyObject(lambda: organizations_of(user.pk)),
        "badges": SimpleLazyObject(lambda: counts.badges),
        "unread": SimpleLazyObject(lambda: counts.unread),
    }


@dataclass(frozen=True)
class Counts:
    """What is counted for the frame, in one query."""

    badges: dict[str, int] = field(default_factory=dict)
    unread: str = ""


def _counts(user: User) -> Counts:
    if not is_in_scope():
        return Counts()
    overdue, unread = (
        Organization.objects.filter(pk=current_organization_id())
        .values_list(
            SubqueryCount(FollowUp.objects.overdue(timezone.now()).values("pk")),
            SubqueryCount(unread_by(user).order_by().values("pk")[: MOST_COUNTED + 1]),
        )
        .get()
    )
    return Counts({"follow_up_queue": overdue}, count_words(unread))


class SubqueryCount(Subquery):
    """How many rows a query has, where a value is wanted."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
