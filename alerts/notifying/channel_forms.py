"""The form of one channel."""

from django import forms

from alerts.models import NotificationChannel
from alerts.notifying.channels import kinds
from alerts.notifying.events import OUTSIDE
from tenancy.forms import Line
from tenancy.outgoing import Refused

LONGEST_ADDRESS = 2000


class ChannelForm(forms.Form):
    """Name, address and events of a channel of one kind; the address of one that is there may be left empty."""

    name = Line(label="Name", max_length=80, help_text="What colleagues call it, such as “Care team in Slack”.")
    address = forms.CharField(max_length=LONGEST_ADDRESS)
    events = forms.MultipleChoiceField(
        label="It is told when",
        choices=[(name, event.words_outside) for name, event in OUTSIDE.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event: a channel without any is told nothing."},
    )

    def __init__(self, data=None, *, kind: str, channel: NotificationChannel | None = None):
        self.kind, self.channel = kinds()[kind], channel
        initial = {"name": channel.name, "events": channel.events} if channel else {"events": ["follow_up.opened"]}
        super().__init__(data, initial=initial)
        address = self.fields["address"]
        if self.kind.choices:
            address = self.fields["address"] = forms.ChoiceField(choices=self.kind.choices)
            held = {words: value for value, words in self.kind.choices}
            address.initial = held.get(channel.shown) if channel else None
        else:
            address.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
            address.help_text = self.kind.explanation
        address.label = self.kind.address_label
        if channel and not self.kind.choices:
            address.required = False
            address.help_text = f"Leave it empty to keep the one there is ({channel.shown}): it is never shown again."

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = NotificationChannel.objects.filter(name=name)
        if (others.exclude(pk=self.channel.pk) if self.channel else others).exists():
            raise forms.ValidationError("There is a channel of this name already: each needs its own.")
        return name

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if address:
            try:
                self.kind.shown(address)
            except Refused as error:
                raise forms.ValidationError(f"{error}.") from error
        return address
