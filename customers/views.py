"""Pages of customers: the list, adding, editing, erasing. A customer's own page is in journeys, with its timeline."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.erasure import erase_customer
from customers.finding import ASKABLE, find_customers
from customers.forms import CustomerForm
from customers.suppression import lift_suppression, suppress
from tenancy.audit import record
from tenancy.roles import Role, for_role, get_for_role, require_role

CUSTOMERS_A_PAGE = 50


@require_GET
def customer_list(request: HttpRequest, org: str) -> HttpResponse:
    words, askable = request.GET.get("q", "").strip()[:100], request.GET.get("askable", "")
    customers = find_customers(words=words, askable=askable, order=request.GET.get("sort", "-added"))
    page = Paginator(customers, CUSTOMERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "askable": askable,
        "choices": ASKABLE.items(),
        "is_filtered": bool(words or askable),
        "may_edit": Role(request.membership.role).includes(Role.AGENT),
        "may_import": Role(request.membership.role).includes(Role.ANALYST),
    }
    return render(request, "customers/customer_list.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.AGENT)
def customer_new(request: HttpRequest, org: str) -> HttpResponse:
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.organization = request.organization
        customer = form.save()
        record("customer.added", on=customer, by=request.actor)
        messages.success(request, f"{customer} is now a customer here.")
        return redirect("customer_detail", org=org, pk=customer.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/customer_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def customer_edit(request: HttpRequest, org: str, pk) -> HttpResponse:
    customer = get_for_role(request, Role.AGENT, request.organization.customers.filter(erased_at=None), pk=pk)
    form = CustomerForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        form.save()
        record("customer.changed", on=customer, by=request.actor, details={"fields": form.changed_data})
        messages.success(request, "Saved.")
        return redirect("customer_detail", org=org, pk=customer.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/customer_form.html", {"form": form, "customer": customer}, status=status)


@require_POST
def customer_erasure(request: HttpRequest, org: str, pk) -> HttpResponse:
    customer = get_for_role(request, Role.ADMIN, request.organization.customers, pk=pk)
    if request.POST.get("confirmation", "").strip() != str(customer).strip():
        messages.error(request, "Nothing was erased: the name typed is not this customer's.")
        return redirect("customer_detail", org=org, pk=pk)
    erase_customer(customer, by=request.actor, at=timezone.now())
    messages.success(request, "The customer was erased. Their answers still count, without their person.")
    return redirect("customer_list", org=org)


@require_POST
def customer_suppression(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Stop asking this customer, or deliberately ask again."""
    customer = get_for_role(request, Role.AGENT, request.organization.customers.exclude(email_key=None), pk=pk)
    now = timezone.now()
    if request.POST.get("wanted") == "ask_again":
        require_role(request, Role.ANALYST)
        lift_suppression(customer.email_key, by=request.actor, at=now)
        messages.success(request, f"{customer} may be asked again.")
    else:
        suppress(customer.email_key, reason="manual", by=request.actor, at=now)
        messages.success(request, f"{customer} will not be asked any more.")
    return redirect("customer_detail", org=org, pk=pk)
