"""Every field has its label above, its hint before and its error after the control, tied together."""

import re

from django import forms


class Example(forms.Form):
    name = forms.CharField(label="Survey name", help_text="Only your team sees this.")
    note = forms.CharField(label="Note", required=False)
    is_asked = forms.BooleanField(label="Ask for consent", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_label_hint_control_and_error_stand_in_this_order():
    html = str(Example({"kind": "a"})["name"].as_field_group())
    order = [html.index(part) for part in ("<label", "Only your team", "<input", "This field is required.")]
    assert order == sorted(order)


def test_control_is_described_by_its_hint_and_error():
    html = str(Example({"kind": "a"})["name"].as_field_group())
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert set(described[1].split()) == {"id_name_helptext", "id_name_error"}
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html


def test_optional_fields_say_so():
    form = Example()
    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()


def test_checkbox_stands_before_its_label():
    html = str(Example()["is_asked"].as_field_group())
    assert html.index("<input") < html.index("<label")


def test_choices_are_a_fieldset_with_a_legend():
    html = str(Example()["kind"].as_field_group())
    assert html.index("<fieldset") < html.index("<legend>Kind") < html.index("<input")


def test_errors_of_the_whole_form_are_announced():
    form = Example({"name": "x", "kind": "a"})
    form.full_clean()
    form.add_error(None, "These do not go together.")
    assert 'role="alert"' in str(form)
    assert "These do not go together." in str(form)
