"""Leaving by the link in a message: /leave/<token>/. One click of a mail program's own button (RFC 8058), or a page.

No cookie and no CSRF token: the mail program that posts has neither, and who holds the link may decide. A GET changes
nothing, since mail scanners follow every link.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from alerts.proof.initiatives import leaving
from customers.models import Customer
from surveys.respondent_pages import Setting, respondent_html
from surveys.respondent_views import bad_link
from surveys.responding import CUSTOMER_LABEL
from surveys.unsubscribe_views import masked
from surveys.wording import chrome
from tenancy.audit import Actor, Kind, client_address
from tenancy.scope import organization_scope

LANGUAGES = ("en", "ar")


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The page with the button; POST leaves, however often it comes."""
    page = _answer(request, token, leaving.leave if request.method == "POST" else None)
    # The mail program's own button must not be redirected; the page's is, so that reloading repeats nothing.
    if page.status_code == 200 and "on_page" in request.POST:
        return HttpResponseRedirect(reverse("leave", args=[token]), status=303)
    return page


@login_not_required
@csrf_exempt
@require_POST
def leave_return(request: HttpRequest, token: str) -> HttpResponse:
    """Write to me again: a deed of its own, so that nobody comes back by accident."""
    page = _answer(request, token, leaving.come_back)
    if page.status_code != 200:
        return page
    return HttpResponseRedirect(f"{reverse('leave', args=[token])}?returned=1", status=303)


def _answer(request: HttpRequest, token: str, deed: Callable[..., None] | None) -> HttpResponse:
    found = leaving.read_way_out(token)
    if found is None:
        return bad_link(request)
    organization_id, customer_id = found
    with organization_scope(organization_id):
        customer = Customer.objects.select_related("organization").filter(pk=customer_id, erased_at=None).first()
        if customer is None or not customer.email:
            return bad_link(request)
        if deed is not None:
            deed(
                customer,
                by=Actor(Kind.CUSTOMER, customer.pk, CUSTOMER_LABEL, client_address(request)),
                at=timezone.now(),
            )
        return _page(request, token, customer, is_gone=leaving.has_left(customer))


def _page(request: HttpRequest, token: str, customer: Customer, *, is_gone: bool) -> HttpResponse:
    known = (request.GET.get("lang", ""), customer.language, customer.organization.language)
    language = next((each for each in known if each in LANGUAGES), LANGUAGES[0])
    setting = Setting.of(customer.organization, None, language)
    words, state = chrome(language), "left" if is_gone else "leave"
    names = {"organization": setting.organization_name, "address": masked(customer.email)}
    context = {
        "title": words[f"{state}_title"],
        "text": words[state].format(**names),
        "notice": words["returned"].format(**names) if "returned" in request.GET and not is_gone else "",
        "has_left": is_gone,
        "return_url": reverse("leave_return", args=[token]) if is_gone else "",
    }
    return HttpResponse(respondent_html("surveys/unsubscribe.html", setting, context))
