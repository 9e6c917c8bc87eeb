"""Pages of an import: upload, columns and preview, check, result. One set for all kinds."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.models import ImportJob
from tenancy.roles import Role, for_role, get_for_role

from . import jobs
from .broken import FileRefused
from .facts import FileFacts
from .forms import MappingForm, ReadingForm, UploadForm
from .parsing import ColumnMapping
from .preview import preview
from .refusals import refusals_csv
from .registry import ImportKind, kind_of, kinds
from .texts import tidy_name
from .uploads import file_of

_JOBS_A_PAGE = 25
_REFUSALS_A_PAGE = 50
_CELLS_SHOWN = 6

State = ImportJob.State


@require_GET
@for_role(Role.ANALYST)
def import_list(request: HttpRequest, org: str) -> HttpResponse:
    rows = request.organization.import_jobs.select_related("created_by").order_by("-created_at")
    page = Paginator(rows, _JOBS_A_PAGE).get_page(request.GET.get("page"))
    lines = [(job, kind_of(job.kind)) for job in page]
    return render(request, "customers/import_list.html", {"page": page, "lines": lines, "kinds": kinds()})


@require_http_methods(["GET", "POST"])
@for_role(Role.ANALYST)
def import_new(request: HttpRequest, org: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    kind = kind_of(request.GET.get("kind", "")) or (kinds()[0] if len(kinds()) == 1 else None)
    if kind is None:
        return render(request, "customers/import_kinds.html", {"kinds": kinds()}, status=status)
    data = request.POST if request.method == "POST" else None
    form = UploadForm(data, None if data is None else request.FILES)
    options = kind.options_form and kind.options_form(data, organization=request.organization)
    if data is not None and form.is_valid() and (options is None or options.is_valid()):
        uploaded = form.cleaned_data["file"]
        try:
            with file_of(uploaded.chunks()) as path:
                job = jobs.upload(
                    path,
                    kind=kind,
                    file_name=tidy_name(uploaded.name, max_length=200),
                    options=options.as_options() if options else {},
                    by=request.actor,
                    at=timezone.now(),
                )
            return redirect("import_mapping", org=org, pk=job.pk)
        except FileRefused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "options": options, "kind": kind, "kind_fields": kind.fields}
    return render(request, "customers/import_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def import_mapping(request: HttpRequest, org: str, pk) -> HttpResponse:
    """GET shows guesses and preview; POST confirms, or with `preview` shows what the choice would give."""
    job, kind, facts = _open_job(request, pk)
    if job.state not in jobs.MOVES["check"][0]:
        return redirect("import_job", org=org, pk=pk)
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        kind_fields=kind.fields_for(job.options),
        facts=facts,
        mapping=ColumnMapping.from_json(job.mapping) if job.mapping else None,
    )
    is_valid = form.is_valid()
    is_preview = "preview" in request.POST
    if request.method == "POST" and is_valid and not is_preview:
        try:
            jobs.check(job, mapping=form.mapping(), by=request.actor, at=timezone.now())
        except jobs.IllegalMove as illegal:
            messages.error(request, str(illegal))
        return redirect("import_job", org=org, pk=pk)
    zone = ZoneInfo(request.organization.time_zone)
    context = {
        "job": job,
        "kind": kind,
        "form": form,
        "lines": form.lines(),
        "preview": preview(facts, fields=form.kind_fields, mapping=form.mapping(), zone=zone),
        "reading_form": ReadingForm(facts=facts),
        "facts": facts,
    }
    status = 422 if request.method == "POST" and not is_preview else 200
    return _render(request, "import_mapping.html", context, status=status)


@require_POST
def import_reading(request: HttpRequest, org: str, pk) -> HttpResponse:
    job, _, facts = _open_job(request, pk)
    form = ReadingForm(request.POST, facts=facts)
    if form.is_valid():
        try:
            jobs.read_again(job, file_format=form.file_format(), at=timezone.now())
        except (FileRefused, jobs.IllegalMove) as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, "That is not a way to read this file.")
    return redirect("import_mapping", org=org, pk=pk)


@require_GET
def import_job(request: HttpRequest, org: str, pk) -> HttpResponse:
    """The check, the progress or the result; asked again every two seconds while the worker has it."""
    job = get_for_role(request, Role.ANALYST, request.organization.import_jobs, pk=pk)
    if job.state == State.UPLOADED and jobs.facts_of(job):
        return redirect("import_mapping", org=org, pk=pk)
    kind = kind_of(job.kind)
    facts = jobs.facts_of(job)
    page = Paginator(job.refusals.order_by("row_number"), _REFUSALS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "job": job,
        "kind": kind,
        "page": page,
        "columns": facts.columns[:_CELLS_SHOWN] if facts else (),
        "refused": [(refusal, refusal.cells[:_CELLS_SHOWN]) for refusal in page],
        "is_working": job.state in (State.CHECKING, State.RUNNING),
        "will_change": job.rows_new + job.rows_changed,
    }
    return _render(request, "import_job.html", context)


@require_POST
def import_run(request: HttpRequest, org: str, pk) -> HttpResponse:
    job = get_for_role(request, Role.ANALYST, request.organization.import_jobs, pk=pk)
    try:
        jobs.run(job, by=request.actor, at=timezone.now())
    except jobs.IllegalMove as illegal:
        messages.error(request, str(illegal))
    return redirect("import_job", org=org, pk=pk)


@require_GET
def import_refusals(request: HttpRequest, org: str, pk) -> HttpResponse:
    job = get_for_role(request, Role.ANALYST, request.organization.import_jobs, pk=pk)
    facts = jobs.facts_of(job)
    content = refusals_csv(job, columns=facts.columns if facts else ())
    name = f"refused-rows-{job.created_at:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def import_removal(request: HttpRequest, org: str, pk) -> HttpResponse:
    job = get_for_role(request, Role.ANALYST, request.organization.import_jobs, pk=pk)
    try:
        jobs.remove(job, by=request.actor, at=timezone.now())
    except jobs.IllegalMove as illegal:
        messages.error(request, str(illegal))
        return redirect("import_job", org=org, pk=pk)
    messages.success(request, f"“{job.file_name}” is deleted. What was imported from it stays.")
    return redirect("import_list", org=org)


def _render(request: HttpRequest, name: str, context: dict, *, status: int = 200) -> HttpResponse:
    """The page, or for htmx the part of it that changes."""
    template = f"customers/_{name}" if request.htmx else f"customers/{name}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _open_job(request: HttpRequest, pk) -> tuple[ImportJob, ImportKind, FileFacts]:
    """A job whose file is still there and whose kind is known; 404 otherwise, then 403."""
    job = get_for_role(request, Role.ANALYST, request.organization.import_jobs, pk=pk)
    kind, facts = kind_of(job.kind), jobs.facts_of(job)
    if kind is None or facts is None:
        raise Http404("The file of this import has been deleted.")
    return job, kind, facts
