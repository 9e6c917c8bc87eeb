"""The form "Ask one customer now"."""

from uuid import UUID, uuid4

from django import forms

from customers.customers import WrongIdentity, find_or_create_customer
from customers.models import Customer
from surveys.models import Survey
from tenancy.audit import Actor


class AskForm(forms.Form):
    """Which survey, and which customer: one that is known, or an address."""

    survey = forms.ModelChoiceField(queryset=None, empty_label=None)
    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput,
        help_text="Of a customer you have, or of a new one.",
    )
    # One wish, however often the form is sent.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, customer_id: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.filter(state=Survey.State.LIVE).order_by("name")  # type: ignore[attr-defined]
        customer = _customer(customer_id)
        if customer:
            self.fields["email"].initial = customer.email

    def find_customer(self, *, by: Actor) -> Customer | None:
        """The customer with the address, made when there is none; None with an error at the field."""
        try:
            return find_or_create_customer(email=self.cleaned_data["email"], by=by)
        except WrongIdentity as error:
            self.add_error("email", error.message)
            return None


def _customer(customer_id: str) -> Customer | None:
    try:
        return Customer.objects.filter(pk=UUID(customer_id), email_key__isnull=False).first()
    except ValueError:
        return None
