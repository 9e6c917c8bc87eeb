"""One condition as a row of the editor: a sentence with fields in it, there and back again."""

import re
from string import Formatter
from typing import Any, ClassVar

from django import forms

from alerts.rules.editor.choices import Choices
from alerts.rules.matching import sentence_of

# Fields whose parameter has a name that Python keeps for itself.
PARAMETERS = {"comparison": "is", "was": "from"}
FIELDS = {parameter: field for field, parameter in PARAMETERS.items()}


class Row(forms.Form):
    """`words` is the sentence with its fields in braces; `parameters` is the condition they make."""

    kind: ClassVar[str]
    label: ClassVar[str]
    words: ClassVar[str]
    use_required_attribute = False

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if offered := getattr(field, "offered", ""):
                field.choices = getattr(choices, offered)  # type: ignore[attr-defined]
            field.widget.attrs |= {"aria-label": f"{self.label}: {field.label or name}"}
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "input"

    @property
    def parts(self) -> list[Any]:
        """Words and bound fields in the order they are read."""
        found: list[Any] = []
        for words, field, _, _ in Formatter().parse(self.words):
            found += [words.strip()] if words.strip() else []
            found += [self[field]] if field else []
        return found

    @property
    def parameters(self) -> dict[str, Any]:
        """Of a valid row: the condition as it is stored."""
        return {"kind": self.kind, **self.said()}

    def said(self) -> dict[str, Any]:
        given = {PARAMETERS.get(name, name): value for name, value in self.cleaned_data.items()}
        return {name: value for name, value in given.items() if value not in (None, "", [])}

    @classmethod
    def initial_of(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        return {FIELDS.get(name, name): value for name, value in parameters.items() if name != "kind"}


class Phrases(forms.CharField):
    """Words and phrases with commas between them, as a list."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return list(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", value or "") if part.strip()))


class Number(forms.DecimalField):
    """A number as JSON knows it."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "autocomplete": "off"})
        super().__init__(max_digits=15, decimal_places=4, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return plain_number(number)


class Whole(forms.IntegerField):
    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}), **kwargs)


class OneOf(forms.ChoiceField):
    def __init__(self, choices: Any, label: str):
        pairs = choices.items() if isinstance(choices, dict) else choices
        super().__init__(choices=list(pairs), label=label)


class AnyOf(forms.MultipleChoiceField):
    """Some of what the organization has (`offered`: a list of Choices) or of fixed choices."""

    def __init__(self, label: str, *, offered: str = "", choices: Any = ()):
        self.offered = offered
        super().__init__(choices=list(choices), label=label, widget=forms.CheckboxSelectMultiple)


class YesOrNo(forms.TypedChoiceField):
    def __init__(self, yes: str, no: str, label: str):
        choices = [("yes", yes), ("no", no)]
        super().__init__(choices=choices, label=label, coerce=lambda value: value == "yes", empty_value=None)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class Kept(Row):
    """Conditions nested deeper than the editor shows: kept as they are, or removed."""

    kind, label, words = "kept", "Nested conditions", "{stored}"
    stored = forms.JSONField(widget=forms.HiddenInput)

    @property
    def parameters(self) -> dict[str, Any]:
        return self.cleaned_data["stored"]

    @property
    def sentence(self) -> str:
        stored = self.initial.get("stored") or {}
        return sentence_of(stored, {}) if isinstance(stored, dict) and stored.get("of") else "Nested conditions"


def plain_number(number: Any) -> Any:
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)
