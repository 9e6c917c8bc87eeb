"""What follow-ups forget when a customer is erased. Numbers, times and states stay, so that figures stay true."""

from django.db.models import Q
from django.http import QueryDict

from alerts.models import (
    Alert,
    Attachment,
    BulkDeed,
    Delivery,
    FollowUp,
    FollowUpEntry,
    InboundMail,
    Notification,
    SavedView,
)
from alerts.notifying.without import without
from alerts.work.filters import WORDS
from customers.models import Customer
from tenancy.models import OutgoingMail


def forget(customer: Customer) -> None:
    """Blank what people wrote to or about this customer, and drop mail, notifications and deliveries about them."""
    _forget_mail(customer)
    _forget_views(customer)
    follow_ups = FollowUp.objects.filter(customer=customer).values_list("pk", flat=True)
    about, names = Q(follow_up__in=list(follow_ups)), [str(customer.pk)]
    Delivery.objects.filter(about | Q(facts__customer_ids__contains=names)).delete()
    Notification.objects.filter(about).delete()
    for row in Notification.objects.filter(context__customer_ids__contains=names):
        others = [each for each in row.context["customer_ids"] if each not in names]
        # What was told of many together names nobody.
        if others and row.follow_up_id is None:
            row.context["customer_ids"] = others
            row.save(update_fields=["context"])
        else:
            row.delete()
    # A reason quotes the words a rule looks for.
    Alert.objects.filter(customer=customer).exclude(reason="").update(reason="")
    numbers = FollowUp.objects.filter(customer=customer).values_list("number", flat=True)
    for number in numbers:  # what was prepared for many and not done yet may speak of them
        BulkDeed.objects.filter(done_at__isnull=True, due_at__isnull=True, rows__contains=[{"number": number}]).delete()
    entries = FollowUpEntry.objects.filter(follow_up__in=list(follow_ups))
    entries.exclude(text="").update(text="")
    for entry in entries.filter(details__has_any_keys=list(FollowUpEntry.PERSONAL)):
        entry.details = {key: value for key, value in entry.details.items() if key not in FollowUpEntry.PERSONAL}
        entry.save(update_fields=["details"])
    Attachment.objects.filter(entry__follow_up__in=list(follow_ups)).delete()
    InboundMail.objects.filter(follow_up__in=list(follow_ups)).delete()


def _forget_mail(customer: Customer) -> None:
    """What is about others too and still waits is written again without this one; all else about them goes."""
    for mail in OutgoingMail.objects.filter(context__customer_ids__contains=[str(customer.pk)]):
        waits = mail.state == OutgoingMail.State.DUE
        context = without(mail.context, str(customer.pk)) if waits else None
        # A worker that took it meanwhile has it: then it is sent as it was.
        if context is None:
            mail.delete()
        else:
            OutgoingMail.objects.filter(pk=mail.pk, state=mail.state).update(context=context)


def _forget_views(customer: Customer) -> None:
    """Views that look for their name or address look for it no more."""
    whole = {each.casefold() for each in (customer.name, customer.email, customer.external_id) if each}
    named = whole | set(customer.name.casefold().split())
    for view in SavedView.objects.filter(query__contains=f"{WORDS}="):
        query = QueryDict(view.query, mutable=True)
        words = query.get(WORDS, "").strip().casefold()
        if words in named or any(each in words for each in whole):
            query.pop(WORDS)
            view.query = query.urlencode()
            view.save(update_fields=["query"])
