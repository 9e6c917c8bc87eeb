"""What admins fill in for a reply template."""

from django import forms
from django.conf import settings

from alerts.models import Playbook, ReplyTemplate
from alerts.playbooks.merge_fields import UnknownField, check


class ReplyTemplateForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="What colleagues choose it by.")
    language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "Any"), *settings.LANGUAGES],
        help_text="Offered first to these.",
    )
    playbook = forms.ChoiceField(label="Playbook", required=False, help_text="Offered first where it is used.")
    subject = forms.CharField(label="Subject", max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    text = forms.CharField(label="Message", max_length=10_000, widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}))

    def __init__(self, data=None, *, template: ReplyTemplate | None = None):
        self.template = template
        fields = ("name", "language", "subject", "text")
        initial = {name: getattr(template, name) for name in fields} if template else {}
        super().__init__(data, initial=initial | {"playbook": str(template.playbook_id or "") if template else ""})
        self.playbooks = {str(each.pk): each for each in Playbook.objects.filter(is_active=True)}
        if template and template.playbook:
            self.playbooks.setdefault(str(template.playbook_id), template.playbook)
        self.fields["playbook"].choices = [("", "None"), *((pk, each.name) for pk, each in self.playbooks.items())]

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_text(self) -> str:
        return self._checked("text")

    def clean_playbook(self) -> Playbook | None:
        return self.playbooks.get(self.cleaned_data["playbook"])

    def clean(self):
        values = super().clean() or {}
        same = ReplyTemplate.objects.filter(name=values.get("name", ""), language=values.get("language", ""))
        if same.exclude(pk=self.template.pk if self.template else None).exists():
            self.add_error("name", "There is a template of this name and language already.")
        return values

    def _checked(self, name: str) -> str:
        text = self.cleaned_data[name]
        try:
            check(text)
        except UnknownField as error:
            raise forms.ValidationError(str(error))
        return text
