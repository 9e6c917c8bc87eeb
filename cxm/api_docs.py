"""The description of the API: for programs as OpenAPI, for people as a page that can try it."""

import functools
import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@login_not_required
@require_safe
def api_schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3 as JSON. It is the same for everybody."""
    return HttpResponse(_schema(), content_type="application/json")


@login_not_required
@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI, from our own files and without inline script or style."""
    return render(request, "cxm/api_docs.html")


@functools.cache
def _schema() -> str:
    """Made once a process: it takes about half a second."""
    return json.dumps(SchemaGenerator().get_schema(request=None, public=True))
