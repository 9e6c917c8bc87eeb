"""Members of an organization and those invited to become one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenancy import invites
from tenancy.audit import actor_of
from tenancy.forms import InviteForm, RoleForm
from tenancy.invites import AlreadyMember, InviteNotOpen, TooManyInvites, WrongAddress
from tenancy.members import LastAdmin, change_role, remove_member
from tenancy.models import Membership, MembershipInvite
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role
from tenancy.scope import organization_scope


@require_safe
@for_role(Role.ADMIN)
def settings_members(request: MemberRequest, org: str) -> HttpResponse:
    return _members_page(request, InviteForm())


@require_POST
def membership_role(request: MemberRequest, org: str, pk) -> HttpResponse:
    memberships = request.organization.memberships.select_related("user")
    membership: Membership = get_for_role(request, Role.ADMIN, memberships, pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            change_role(membership, role=Role(form.cleaned_data["role"]), by=request.actor)
            messages.success(request, f"{membership.user} is now {membership.get_role_display().lower()}.")
        except LastAdmin as error:
            messages.error(request, str(error))
    else:
        messages.error(request, "Choose one of the four roles.")
    return redirect("settings_members", org=org)


@require_POST
def membership_removal(request: MemberRequest, org: str, pk) -> HttpResponse:
    memberships = request.organization.memberships.select_related("user")
    membership: Membership = get_for_role(request, Role.ADMIN, memberships, pk=pk)
    try:
        remove_member(membership, by=request.actor)
    except LastAdmin as error:
        messages.error(request, str(error))
        return redirect("settings_members", org=org)
    messages.success(request, f"{membership.user} no longer belongs to {request.organization}.")
    if membership.user_id == request.user.pk:
        return redirect("home")
    return redirect("settings_members", org=org)


@require_POST
@for_role(Role.ADMIN)
def membership_invite(request: MemberRequest, org: str) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            invites.invite_member(email=email, role=role, by=request.user, actor=request.actor)
            messages.success(request, f"{email} is invited; the mail is on its way.")
            return redirect("settings_members", org=org)
        except (AlreadyMember, TooManyInvites) as error:
            form.add_error("email", str(error))
    return _members_page(request, form, status=422)


@require_POST
def membership_invite_resend(request: MemberRequest, org: str, pk) -> HttpResponse:
    invite: MembershipInvite = get_for_role(request, Role.ADMIN, request.organization.membership_invites, pk=pk)
    try:
        if invites.resend_invite(invite, by=request.user, actor=request.actor):
            messages.success(request, f"The mail to {invite.email} is on its way again.")
        else:
            messages.info(request, "It left less than a minute ago.")
    except InviteNotOpen as error:
        messages.error(request, str(error))
    return redirect("settings_members", org=org)


@require_POST
def membership_invite_revocation(request: MemberRequest, org: str, pk) -> HttpResponse:
    invite: MembershipInvite = get_for_role(request, Role.ADMIN, request.organization.membership_invites, pk=pk)
    invites.revoke_invite(invite, by=request.actor)
    messages.success(request, f"The invitation of {invite.email} is taken back.")
    return redirect("settings_members", org=org)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_invite_accept(request: HttpRequest, token: str) -> HttpResponse:
    """What a link in a mail opens. Reading it changes nothing; a link that is not right says the same as one that is
    over, and a person with another address does not learn which one it was for."""
    invite_id = invites.read_token(token)
    organization_id = invites.organization_of_invite(invite_id) if invite_id else None
    if organization_id is None:
        return render(request, "tenancy/invite_over.html", status=404)
    with organization_scope(organization_id):
        invite = MembershipInvite.objects.select_related("organization").get(pk=invite_id)
        context = {"organization_name": invite.organization.name, "next": urlencode({"next": request.path})}
        is_over = not invites.is_open(invite, at=timezone.now())
        is_theirs = request.user.is_authenticated and invites.is_addressed_to(invite, request.user)
        if is_over and not (is_theirs and invite.accepted_at):
            return render(request, "tenancy/invite_over.html", status=404)
        if not request.user.is_authenticated:
            return render(request, "tenancy/invite_sign_in.html", context)
        if not is_theirs:
            return render(request, "tenancy/invite_wrong_address.html", context, status=403)
        if request.method != "POST":
            return render(request, "tenancy/invite_accept.html", {**context, "role": invite.get_role_display().lower()})
        try:
            invites.accept_invite(invite.pk, user=request.user, actor=actor_of(request))
        except (InviteNotOpen, WrongAddress):
            return render(request, "tenancy/invite_over.html", status=404)
    messages.success(request, f"You now belong to {invite.organization.name}.")
    return redirect(f"/o/{invite.organization.slug}/")


def _members_page(request: MemberRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    memberships = request.organization.memberships.select_related("user").order_by("user__name", "user__email")
    open_invites = request.organization.membership_invites.filter(accepted_at=None, revoked_at=None)
    now = timezone.now()
    context = {
        "form": form,
        "roles": Role.choices,
        "memberships": memberships,
        "invites": [(invite, invite.expires_at <= now) for invite in open_invites.order_by("-created_at")],
    }
    return render(request, "tenancy/settings_members.html", context, status=status)
