"""Members of an organization: changing their role, and letting them go. There is always an admin left."""

from tenancy.audit import Actor, record
from tenancy.models import Membership, User
from tenancy.roles import Role
from tenancy.signals import member_changed


class LastAdmin(ValueError):
    """The organization would be left without an admin."""


def change_role(membership: Membership, *, role: Role, by: Actor | User) -> None:
    """Raises LastAdmin when the only admin would become something else."""
    admins = _lock_admins()
    membership.refresh_from_db()
    before = membership.role
    if before == role:
        return
    _keep_one(admins, without=membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record("membership.role_changed", on=membership, by=by, details={"changed": {"role": [before, role]}})
    member_changed.send(sender=Membership, user=membership.user, role=role, by=by)


def remove_member(membership: Membership, *, by: Actor | User) -> None:
    """Takes effect with the person's next click: membership is looked up on every request. Raises LastAdmin."""
    admins = _lock_admins()
    _keep_one(admins, without=membership)
    record("membership.removed", on=membership, by=by, details={"email": membership.user.email})
    user = membership.user
    membership.delete()
    member_changed.send(sender=Membership, user=user, role=None, by=by)


def _lock_admins() -> list[Membership]:
    """The admins, locked: of two who step down at the same moment, the second sees that the first is gone."""
    return list(Membership.objects.select_for_update(of=("self",)).filter(role=Role.ADMIN).order_by("id"))


def _keep_one(admins: list[Membership], *, without: Membership) -> None:
    if [admin.pk for admin in admins] == [without.pk]:
        raise LastAdmin("An organization needs an admin: make somebody else one first.")
