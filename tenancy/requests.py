"""What a request carries beneath /o/<slug>/: set by tenancy.middleware, named here for type checkers."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenancy.audit import Actor
from tenancy.models import Membership, Organization, User


class MemberRequest(HttpRequest):
    """The request of a person who is signed in and a member of the organization it names."""

    organization: Organization
    membership: Membership
    actor: Actor
    htmx: HtmxDetails
    user: User
