"""Answers the pages of respondents before sessions, sign-in, messages and accounts have done work they do not need.

These pages have no cookie of any kind: who holds the link may answer. What the other middleware would add for safety is
added here.
"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

URLS = "surveys.public_urls"
PREFIXES = ("/r/", "/u/", "/brand/")


class PublicPagesMiddleware:
    """Stands behind the security headers and the static files and before everything else."""

    def __init__(self, get_response):
        self.get_response = get_response
        policy = settings.SURVEY_CONTENT_SECURITY_POLICY
        self.headers = {
            "Content-Security-Policy": "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items()),
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest):
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        try:
            match = resolve(request.path_info, urlconf=URLS)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        response = match.func(request, *match.args, **match.kwargs)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        # Without it the web server would send the body in chunks; the middleware that adds it stands behind.
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
