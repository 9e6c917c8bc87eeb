"""Forms about customers."""

from django import forms

from customers.emails import normalise_email
from customers.models import Customer


class CustomerForm(forms.ModelForm):
    """One customer as staff enter it. Attributes are lines of `name: value`."""

    attributes_text = forms.CharField(
        label="Attributes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, for example “plan: Business”. Answers keep the attributes of their day.",
    )

    class Meta:
        model = Customer
        fields = ("name", "email", "phone", "external_id", "language", "value")
        labels = {"email": "E-mail", "external_id": "Your own key", "value": "Value"}
        help_texts = {
            "external_id": "How your other systems call this customer.",
            "language": "As a code, for example en or ar; surveys are asked in it.",
            "value": "What the customer is worth to you, in your currency; queues are sorted by it.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lines = [f"{name}: {value}" for name, value in (self.instance.attributes or {}).items()]
        self.fields["attributes_text"].initial = "\n".join(lines)

    def clean_email(self):
        email = self.cleaned_data["email"].strip()
        try:
            self.instance.email_key = normalise_email(email) if email else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if self.instance.email_key and self._is_taken(email_key=self.instance.email_key):
            raise forms.ValidationError("Another customer has this address.")
        return email

    def clean_external_id(self):
        external_id = (self.cleaned_data["external_id"] or "").strip() or None
        if external_id and self._is_taken(external_id=external_id):
            raise forms.ValidationError("Another customer has this key.")
        return external_id

    def clean_attributes_text(self):
        attributes = {}
        for number, line in enumerate(self.cleaned_data["attributes_text"].splitlines(), start=1):
            if not line.strip():
                continue
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not colon or not name:
                raise forms.ValidationError(f"Line {number}: write it as “name: value”.")
            attributes[name[:60]] = value[:500]
        self.instance.attributes = attributes
        return self.cleaned_data["attributes_text"]

    def clean(self):
        values = super().clean()
        if not self.errors and not any(values.get(name) for name in ("name", "email", "external_id")):
            raise forms.ValidationError("Give a name, an e-mail address or your own key.")
        return values

    def _is_taken(self, **lookup) -> bool:
        return Customer.objects.filter(**lookup).exclude(pk=self.instance.pk).exists()
