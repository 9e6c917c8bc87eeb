"""The way out of survey mail: /u/<token>/. One click of a mail program's own button (RFC 8058), or a page with one.

No cookie and no CSRF token: the mail program that posts has neither, and who holds the link may decide. A GET changes
nothing, since mail scanners follow every link.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from surveys import unsubscribing
from surveys.asked import Asked, answering
from surveys.respondent_pages import respondent_html
from surveys.respondent_views import actor_of_customer, bad_link, setting_of
from surveys.wording import chrome


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The page with the button; POST unsubscribes, however often it comes."""
    with answering(token) as asked:
        if asked is None:
            return bad_link(request)
        if request.method == "POST":
            by = actor_of_customer(request, asked)
            unsubscribing.unsubscribe(asked.invitation, asked.customer, by=by, at=timezone.now())
        page = _page(request, asked)
    # The mail program's own button must not be redirected; the page's is, so that reloading repeats nothing.
    if request.method == "POST" and "on_page" in request.POST:
        return HttpResponseRedirect(reverse("unsubscribe", args=[token]), status=303)
    return page


@login_not_required
@csrf_exempt
@require_POST
def resubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask me again: a deed of its own, so that nobody comes back by accident."""
    with answering(token) as asked:
        if asked is None:
            return bad_link(request)
        by = actor_of_customer(request, asked)
        unsubscribing.resubscribe(asked.invitation, asked.customer, by=by, at=timezone.now())
    return HttpResponseRedirect(f"{reverse('unsubscribe', args=[token])}?returned=1", status=303)


def _page(request: HttpRequest, asked: Asked) -> HttpResponse:
    setting = setting_of(request, asked)
    words = chrome(setting.language)
    has_left = unsubscribing.is_unsubscribed(asked.invitation, asked.customer)
    state = "left" if has_left else "leave"
    names = {"organization": setting.organization_name, "address": masked(asked.invitation.to_address)}
    has_returned = "returned" in request.GET and not has_left
    context = {
        "title": words[f"{state}_title"],
        "text": words[state].format(**names),
        "notice": words["returned"].format(**names) if has_returned else "",
        "has_left": has_left,
        "return_url": reverse("resubscribe", args=[request.resolver_match.kwargs["token"]]) if has_left else "",
    }
    return HttpResponse(respondent_html("surveys/unsubscribe.html", setting, context))


def masked(address: str) -> str:
    """ "c•••@example.com": enough to know one's own address by, too little for somebody a mail was forwarded to."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••{at}{domain}" if at else ""
