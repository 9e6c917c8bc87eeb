"""Answers calls of the API before sessions, sign-in, messages and accounts have done work they do not need.

A call carries its key; there is no cookie, no page and no redirect. Whatever goes wrong is a problem document.
"""

import logging

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from tenancy.problems import problem_page

logger = logging.getLogger("django.request")

PREFIX = "/api/"
# A page for people, with a page's policy and icons: it goes the way of pages.
PAGES = ("/api/docs/",)


class ApiMiddleware:
    """Stands behind the security headers and before everything that pages need."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        path = request.path_info
        if not path.startswith(PREFIX) or path in PAGES:
            return self.get_response(request)
        response = _answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info, urlconf=settings.ROOT_URLCONF)
    except Resolver404:
        return problem_page(404, f"There is nothing at this address; the list is at {settings.BASE_URL}/api/docs/.")
    request.resolver_match = match
    try:
        response = match.func(request, *match.args, **match.kwargs)
        return response.render() if hasattr(response, "render") else response
    except Exception:
        # The views roll back what they began; tests see the exception itself.
        got_request_exception.send(sender=ApiMiddleware, request=request)
        logger.exception("Internal Server Error: %s", request.path)
        page = problem_page(500, "Something went wrong on our side. Nothing was stored; try again later.")
        page._has_been_logged = True  # type: ignore[attr-defined]
        return page
