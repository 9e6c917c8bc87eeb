"""Pages of saved views: keeping the queue as it is shown, and the list to rename, order and delete."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from alerts.models import SavedView
from alerts.queue_page import VIEWS
from alerts.work.filters import QueueFilters
from alerts.work.saved_views import delete_view, move_view, rename_view, save_view, views_for
from tenancy.roles import Role, for_role, get_for_role, require_role

STEPS = {"up": -1, "down": 1}


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)


class SaveForm(NameForm):
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    for_everybody = forms.BooleanField(label="For everybody", required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.VIEWER)
def saved_views(request: HttpRequest, org: str) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = SaveForm(typed, initial={"query": _cleaned(request, request.GET.urlencode())})
    if request.method == "POST" and form.is_valid():
        is_everybodys = form.cleaned_data["for_everybody"]
        if is_everybodys:
            require_role(request, Role.ANALYST)
        try:
            view = save_view(
                name=form.cleaned_data["name"],
                query=_cleaned(request, form.cleaned_data["query"]),
                user=None if is_everybodys else request.user,  # type: ignore[arg-type]
                by=request.actor,  # type: ignore[attr-defined]
            )
        except ValueError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"“{view.name}” is kept.")
            return redirect(f"{reverse('follow_up_queue', kwargs={'org': org})}?{view.query}")
    return _list(request, form, status=422 if form.errors else 200)


@require_POST
def saved_view_name(request: HttpRequest, org: str, pk) -> HttpResponse:
    view, form = _own(request, pk), NameForm(request.POST)
    if form.is_valid():
        try:
            rename_view(view, name=form.cleaned_data["name"], by=request.actor)  # type: ignore[attr-defined]
        except ValueError as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("saved_views", org=org)
    return _list(request, SaveForm(), status=422, renaming=(str(view.pk), form))


@require_POST
def saved_view_deletion(request: HttpRequest, org: str, pk) -> HttpResponse:
    view = _own(request, pk)
    delete_view(view, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, f"“{view.name}” is deleted. The follow-ups stay.")
    return redirect("saved_views", org=org)


@require_POST
def saved_view_position(request: HttpRequest, org: str, pk) -> HttpResponse:
    view = _own(request, pk)
    if steps := STEPS.get(request.POST.get("direction", "")):
        move_view(view, steps=steps, by=request.actor)  # type: ignore[attr-defined]
    return redirect("saved_views", org=org)


def _own(request: HttpRequest, pk) -> SavedView:
    """A view this person sees; everybody's are changed by analysts and admins."""
    rows = SavedView.objects.filter(Q(user=request.user) | Q(user__isnull=True))
    view = get_for_role(request, Role.VIEWER, rows, pk=pk)
    if view.user_id is None:
        require_role(request, Role.ANALYST)
    return view


def _list(
    request: HttpRequest, form: forms.Form, *, status: int = 200, renaming: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    views = views_for(request.user)  # type: ignore[arg-type]
    may_share = Role(request.membership.role).includes(Role.ANALYST)  # type: ignore[attr-defined]
    rows = [
        {
            "view": view,
            "may_change": view.user_id is not None or may_share,
            "error": renaming[1].errors.get("name", [""])[0] if renaming and renaming[0] == str(view.pk) else "",
        }
        for view in views
    ]
    if not may_share:
        form.fields.pop("for_everybody", None)
    context = {"form": form, "rows": rows, "is_saving": bool(form["query"].value() or form.errors)}
    return render(request, "alerts/saved_views.html", context, status=status)


def _cleaned(request: HttpRequest, text: str) -> str:
    """The query as the queue would write it: known parameters, sorted, without a page."""
    query = QueryDict(text[:1000])
    values = QueueFilters(query, user=request.user).values  # type: ignore[arg-type]
    view = query.get("view", "")
    if not values and view not in VIEWS:
        return ""
    clean = QueryDict(mutable=True)
    clean.update({**values, "view": view if view in VIEWS else "all"})
    return "&".join(sorted(clean.urlencode().split("&")))
