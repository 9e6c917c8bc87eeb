"""Answers the pages for people without an account before sessions, sign-in, messages and accounts have done work they
do not need: those of respondents, and dashboards that are shown by a link.

These pages have no cookie of any kind: who holds the link may answer or look. What the other middleware would add for
safety is added here.
"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

# What an address begins with, and where it is listed.
URLS = {
    "/r/": "surveys.public_urls",
    "/u/": "surveys.public_urls",
    "/brand/": "surveys.public_urls",
    "/share/": "metrics.public_urls",
    "/tv/": "metrics.public_urls",
}
PREFIXES = tuple(URLS)


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
        path = request.path_info
        if not path.startswith(PREFIXES):
            return self.get_response(request)
        try:
            match = resolve(path, urlconf=URLS[path[: path.index("/", 1) + 1]])
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        response = match.func(request, *match.args, **match.kwargs)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        # Without it the web server would send the body in chunks; the middleware that adds it stands behind.
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
