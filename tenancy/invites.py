"""Invitations to join an organization: made, sent again, taken back, accepted.

The link's secret is nowhere stored, neither in the invitation nor in the queued mail: it is a signature over the
invitation's id, made with SECRET_KEY when the mail is written and checked when the link is opened. Who reads the
database, or its backup, can therefore accept nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tenancy.audit import Actor, record
from tenancy.models import Membership, MembershipInvite, Organization, User
from tenancy.organizations import add_member
from tenancy.outbox import queue_mail
from tenancy.roles import Role

VALID_FOR = timedelta(days=7)
RESEND_AFTER = timedelta(minutes=1)
# A new organization must not become a machine for writing to strangers.
MOST_A_DAY = 100


class AlreadyMember(ValueError):
    """The address belongs to a member already."""


class TooManyInvites(ValueError):
    """The organization has invited as many people as it may in a day."""


class InviteNotOpen(ValueError):
    """The invitation was accepted, taken back, or is over."""


class WrongAddress(ValueError):
    """The invitation is for another address than those this person has confirmed."""


def invite_member(*, email: str, role: Role, by: User, actor: Actor, at: datetime | None = None) -> MembershipInvite:
    """Invite an address; an open invitation to it is taken back first, with its link.

    Raises AlreadyMember or TooManyInvites.
    """
    email, at = email.strip().lower(), at or timezone.now()
    if MembershipInvite.objects.filter(created_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyInvites(f"No more than {MOST_A_DAY} people can be invited in a day.")
    if Membership.objects.filter(user__email=email).exists():
        raise AlreadyMember(f"{email} is a member already.")
    for earlier in MembershipInvite.objects.filter(email=email, accepted_at=None, revoked_at=None):
        revoke_invite(earlier, by=actor, at=at)
    invite = MembershipInvite.objects.create(email=email, role=role, invited_by=by, expires_at=at + VALID_FOR)
    record("membership_invite.created", on=invite, by=actor, details={"role": role})
    _send(invite, by=by, at=at)
    return invite


def resend_invite(invite: MembershipInvite, *, by: User, actor: Actor, at: datetime | None = None) -> bool:
    """Send the mail again and let it hold for another week; False when the last one left less than a minute ago.

    Raises InviteNotOpen when it was accepted or taken back.
    """
    at = at or timezone.now()
    invite = MembershipInvite.objects.select_for_update().get(pk=invite.pk)
    if invite.accepted_at or invite.revoked_at:
        raise InviteNotOpen("This invitation is no longer open.")
    if invite.sent_at and at - invite.sent_at < RESEND_AFTER:
        return False
    invite.expires_at = at + VALID_FOR
    invite.save(update_fields=["expires_at"])
    record("membership_invite.resent", on=invite, by=actor)
    _send(invite, by=by, at=at)
    return True


def revoke_invite(invite: MembershipInvite, *, by: Actor, at: datetime | None = None) -> None:
    """Its link opens nothing any more. An invitation that is no longer open stays as it is."""
    open_ones = MembershipInvite.objects.filter(pk=invite.pk, accepted_at=None, revoked_at=None)
    if open_ones.update(revoked_at=at or timezone.now()):
        record("membership_invite.revoked", on=invite, by=by)


def accept_invite(invite_id: UUID, *, user: User, actor: Actor, at: datetime | None = None) -> Membership:
    """Make `user` a member, once; a member already stays what they are. In the scope of the organization.

    Raises InviteNotOpen or WrongAddress.
    """
    at = at or timezone.now()
    invite = MembershipInvite.objects.select_for_update().filter(pk=invite_id).first()
    membership = Membership.objects.filter(user=user).first()
    if invite and invite.accepted_at and membership and is_addressed_to(invite, user):
        return membership  # the button pressed twice
    if invite is None or not is_open(invite, at=at):
        raise InviteNotOpen("This invitation is no longer open.")
    if not is_addressed_to(invite, user):
        raise WrongAddress("This invitation is for another address.")
    invite.accepted_at = at
    invite.save(update_fields=["accepted_at"])
    record("membership_invite.accepted", on=invite, by=actor)
    return membership or add_member(user=user, role=Role(invite.role), by=actor)


def is_open(invite: MembershipInvite, *, at: datetime) -> bool:
    return invite.accepted_at is None and invite.revoked_at is None and at < invite.expires_at


def is_addressed_to(invite: MembershipInvite, user: User) -> bool:
    """The person has confirmed the address the invitation went to."""
    return EmailAddress.objects.filter(user=user, email=invite.email, verified=True).exists()


# --- the link


def invite_url(invite_id: UUID | str) -> str:
    return settings.BASE_URL + reverse("membership_invite_accept", args=[make_token(UUID(str(invite_id)))])


def make_token(invite_id: UUID) -> str:
    """`<id>.<HMAC-SHA256>`; with an older key of SECRET_KEY_FALLBACKS it still opens."""
    return _signer().sign(invite_id.hex)


def read_token(token: str) -> UUID | None:
    """The invitation a link speaks of, or None; compared in constant time."""
    try:
        return UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def organization_of_invite(invite_id: UUID) -> UUID | None:
    """Through the door: whose invitation this is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_membership_invite(%s)", [invite_id])
        return cursor.fetchone()[0]


def _signer() -> Signer:
    return Signer(salt="tenancy.invites", sep=".")


def _send(invite: MembershipInvite, *, by: User, at: datetime) -> None:
    invite.sent_at = at
    invite.save(update_fields=["sent_at"])
    queue_mail(
        "membership_invite",
        to=invite.email,
        context={
            "invite_id": str(invite.pk),
            "invited_by": str(by),
            "role": Role(invite.role).label.lower(),
            "days": VALID_FOR.days,
            "organization": Organization.objects.get(pk=invite.organization_id).name,
        },
        dedupe_key=f"membership_invite:{invite.pk}:{at.isoformat()}",
    )
