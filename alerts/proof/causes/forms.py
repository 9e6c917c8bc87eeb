"""The form of a root cause."""

from django import forms

from alerts.models import RootCause


class CauseForm(forms.Form):
    """A name that its level has only once; `parent` only where a new one is made."""

    name = forms.CharField(label="Name", max_length=80)
    parent = forms.ChoiceField(label="Beneath", required=False)

    def __init__(self, data=None, *, cause: RootCause | None = None):
        self.cause = cause
        super().__init__(data, initial={"name": cause.name} if cause else {})
        if cause:
            del self.fields["parent"]
            return
        firsts = RootCause.objects.filter(parent=None, is_archived=False)
        self.parents = {str(each.pk): each for each in firsts}
        choices = [("", "Nothing: on the first level"), *((key, each.name) for key, each in self.parents.items())]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]

    def clean(self):
        values = super().clean() or {}
        name = " ".join(values.get("name", "").split())
        parent = self.cause.parent_id if self.cause else (values.get("parent") or None)
        same = RootCause.objects.filter(name=name, parent=parent)
        if self.cause:
            same = same.exclude(pk=self.cause.pk)
        if name and same.exists():
            self.add_error("name", "This name is taken on this level.")
        return values | {"name": name}
