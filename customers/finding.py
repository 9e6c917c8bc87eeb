"""Finding customers in the list: by words, and by whether they may be asked."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Customer, Suppression

ASKABLE = {
    "askable": "May be asked",
    "suppressed": "Must not be asked",
    "no_email": "Without e-mail",
}
ORDERS = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "value": ("value", "id"),
    "-value": ("-value", "-id"),
    "added": ("created_at", "id"),
    "-added": ("-created_at", "-id"),
}


def find_customers(*, words: str = "", askable: str = "", order: str = "-added") -> QuerySet[Customer]:
    """Customers whose name, address or key holds every word; each has `is_suppressed`.

    Unknown filters and orders change nothing.
    """
    suppressed = Suppression.objects.filter(email_key=OuterRef("email_key"), lifted_at=None)
    customers = Customer.objects.filter(erased_at=None).annotate(is_suppressed=Exists(suppressed))
    for word in words.split()[:6]:
        customers = customers.filter(
            Q(name__icontains=word) | Q(email_key__contains=word.lower()) | Q(external_id__icontains=word)
        )
    if askable == "no_email":
        customers = customers.filter(email_key=None)
    elif askable == "suppressed":
        customers = customers.filter(is_suppressed=True)
    elif askable == "askable":
        customers = customers.filter(is_suppressed=False, email_key__isnull=False)
    return customers.order_by(*ORDERS.get(order, ORDERS["-added"]))
