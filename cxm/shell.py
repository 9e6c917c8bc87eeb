"""What the frame around every page shows: the person's organizations and the counts on the rail."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from alerts.models import FollowUp
from tenancy.middleware import organizations_of
from tenancy.scope import is_in_scope


def shell(request: HttpRequest) -> dict:
    """Context of every page: `organizations` to switch between and `badges` by URL name; both are looked up when
    a template asks for them, so that public pages ask nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"organizations": [], "badges": {}}
    return {
        "organizations": SimpleLazyObject(lambda: organizations_of(user.pk)),
        "badges": SimpleLazyObject(_badges),
    }


def _badges() -> dict[str, int]:
    if not is_in_scope():
        return {}
    return {"follow_up_queue": FollowUp.objects.overdue(timezone.now()).count()}
