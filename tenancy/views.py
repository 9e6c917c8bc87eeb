"""Pages about the person and the organization: profile, a new organization, settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tenancy.forms import OrganizationForm, OrganizationNew, ProfileForm
from tenancy.models import User
from tenancy.organizations import change_organization, found_organization
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    status = 422 if request.method == "POST" else 200
    return render(request, "tenancy/profile.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organization_new(request: HttpRequest) -> HttpResponse:
    # Who confirmed the address by another way than the link still has their wish.
    form = OrganizationNew(request.POST or None, initial={"name": request.user.wished_organization})
    if request.method == "POST" and form.is_valid():
        organization = found_organization(by=request.user, **form.cleaned_data)
        User.objects.filter(pk=request.user.pk).update(wished_organization="")
        return redirect(f"/o/{organization.slug}/")
    status = 422 if request.method == "POST" else 200
    return render(request, "tenancy/organization_new.html", {"form": form}, status=status)


@require_safe
@for_role(Role.ADMIN)
def settings_home(request: MemberRequest, org: str) -> HttpResponse:
    return render(request, "tenancy/settings_home.html")


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def settings_organization(request: MemberRequest, org: str) -> HttpResponse:
    form = OrganizationForm(request.POST or None, instance=request.organization)
    if request.method == "POST" and form.is_valid():
        change_organization(request.organization, values=form.values(), by=request.actor)
        messages.success(request, "Saved.")
        return redirect("settings_organization", org=org)
    if request.method == "POST":
        request.organization.refresh_from_db()  # checking the form wrote into it; the frame shows what is stored
    status = 422 if request.method == "POST" else 200
    return render(request, "tenancy/settings_organization.html", {"form": form}, status=status)
