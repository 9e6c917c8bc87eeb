"""The forms of survey pages."""

from django import forms

from journeys.models import Touchpoint
from surveys.models import Survey
from surveys.survey_templates import TEMPLATES
from surveys.texts import STEPS, Script
from surveys.wording import LANGUAGE_NAMES, language_name


class NewSurveyForm(forms.Form):
    """From which template, called what, about which touchpoint."""

    template = forms.ChoiceField(
        label="Start from",
        widget=forms.RadioSelect,
        choices=[(template.key, template.name) for template in TEMPLATES.values()],
    )
    name = forms.CharField(label="Name", max_length=120, help_text="Only you and your colleagues see it.")
    touchpoint = forms.ModelChoiceField(
        queryset=Touchpoint.objects.none(),
        required=False,
        empty_label="None: about the relationship",
        help_text="Where in the journey it asks.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["touchpoint"].queryset = Touchpoint.objects.select_related("stage").order_by(  # type: ignore[attr-defined]
            "stage__position", "position"
        )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if Survey.objects.filter(name=name).exists():
            raise forms.ValidationError("Another survey has this name.")
        return name

    def clean(self):
        data = super().clean() or {}
        template = TEMPLATES.get(data.get("template", ""))
        if template and template.kind == Survey.Kind.TRANSACTIONAL and not data.get("touchpoint"):
            self.add_error("touchpoint", "Choose the touchpoint that this survey is about.")
        return data


class TextsForm(forms.Form):
    """The texts of one step of the builder in one language."""

    def __init__(self, *args, step: str, script: Script, language: str, **kwargs):
        self.script, self.language = script, language
        self.texts = STEPS[step][1]
        self.is_default = language == script.version.default_language
        super().__init__(*args, **kwargs)
        self.initial = {text.name: script.get(text, language) for text in self.texts}
        for text in self.texts:
            self.fields[text.name] = self._field(text)

    def clean_link_url(self) -> str:
        url = str(self.cleaned_data["link_url"])
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError("An address starts with https://")
        return url

    def put(self) -> None:
        """Write what was typed into the script."""
        for text in self.texts:
            self.script.put(text, self.language, self.cleaned_data[text.name].strip())

    def _field(self, text) -> forms.CharField:
        default = self.script.get(text, self.script.version.default_language)
        attrs = {"dir": "auto", "lang": self.language}
        if not self.is_default and default:
            attrs["placeholder"] = default
        widget = forms.Textarea({**attrs, "rows": 2}) if text.is_long else forms.TextInput(attrs)
        return forms.CharField(
            label=text.label,
            max_length=text.max_length,
            # A translation may be missing for a while: the default language stands in.
            required=text.is_required and self.is_default,
            help_text=text.hint,
            widget=widget,
        )


class AddLanguageForm(forms.Form):
    """A language to be added."""

    language = forms.ChoiceField(label="Add a language")

    def __init__(self, *args, script: Script, **kwargs):
        super().__init__(*args, **kwargs)
        left = [code for code in LANGUAGE_NAMES if code not in script.languages]
        self.fields["language"].choices = [(code, language_name(code)) for code in left]  # type: ignore[attr-defined]
