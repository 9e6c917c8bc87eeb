"""What follow-ups forget when a customer is erased. Numbers, times and states stay, so that figures stay true."""

from django.db.models import Q

from alerts.models import Alert, Attachment, BulkDeed, Delivery, FollowUp, FollowUpEntry, InboundMail, Notification
from customers.models import Customer
from tenancy.models import OutgoingMail


def forget(customer: Customer) -> None:
    """Blank what people wrote to or about this customer, and drop mail, notifications and deliveries about them."""
    OutgoingMail.objects.filter(context__customer_ids__contains=[str(customer.pk)]).delete()
    follow_ups = FollowUp.objects.filter(customer=customer).values_list("pk", flat=True)
    about, names = Q(follow_up__in=list(follow_ups)), [str(customer.pk)]
    Delivery.objects.filter(about | Q(facts__customer_ids__contains=names)).delete()
    Notification.objects.filter(about | Q(context__customer_ids__contains=names)).delete()
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
