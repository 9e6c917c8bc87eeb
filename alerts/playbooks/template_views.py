"""Settings: the texts that replies start from."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import ReplyTemplate
from alerts.playbooks.merge_fields import EXAMPLE, FIELDS, fill
from alerts.playbooks.reply_templates import Filled, remove_template, save_template
from alerts.playbooks.template_forms import ReplyTemplateForm
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_reply_templates(request: HttpRequest, org: str) -> HttpResponse:
    templates = ReplyTemplate.objects.select_related("playbook").order_by("name", "language")
    return render(request, "alerts/settings_reply_templates.html", {"templates": templates})


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def reply_template_new(request: HttpRequest, org: str) -> HttpResponse:
    return _edit(request, org, None)


@require_http_methods(["GET", "POST"])
def reply_template_edit(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    rows = ReplyTemplate.objects.select_related("playbook")
    return _edit(request, org, get_for_role(request, Role.ADMIN, rows, pk=pk))


@require_POST
def reply_template_removal(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    template = get_for_role(request, Role.ADMIN, ReplyTemplate.objects.all(), pk=pk)
    remove_template(template, by=request.actor)
    messages.success(request, "The template is gone. Replies written from it stay.")
    return redirect("settings_reply_templates", org=org)


def _edit(request: HttpRequest, org: str, template: ReplyTemplate | None) -> HttpResponse:
    form = ReplyTemplateForm(request.POST or None, template=template)
    context, status = {"form": form, "template": template, "merge_fields": FIELDS}, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            values = EXAMPLE | {"organization": request.organization.name}
            data = form.cleaned_data
            context["preview"] = Filled(fill(data["subject"], values), fill(data["text"], values), [])
        else:
            save_template(template, by=request.actor, **form.cleaned_data)
            messages.success(request, "The template is saved.")
            return redirect("settings_reply_templates", org=org)
    elif template:
        values = EXAMPLE | {"organization": request.organization.name}
        context["preview"] = Filled(fill(template.subject, values), fill(template.text, values), [])
    return render(request, "alerts/reply_template_form.html", context, status=status)
