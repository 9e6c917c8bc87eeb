"""The token of a customer's link names one invitation and cannot be made by others."""

from uuid import UUID, uuid4

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from surveys.tokens import TOKEN_LENGTH, make_token, read_token


@given(st.uuids())
def test_token_reads_back_as_the_invitation_it_was_made_for(invitation_id):
    token = make_token(invitation_id)
    assert len(token) == TOKEN_LENGTH
    assert read_token(token) == invitation_id


@given(st.text(max_size=60))
def test_words_we_did_not_write_are_no_token(text):
    assert read_token(text) is None


@given(st.uuids(), st.integers(0, TOKEN_LENGTH - 1), st.sampled_from("AZaz09-_"))
def test_changing_one_character_breaks_a_token(invitation_id, position, character):
    token = make_token(invitation_id)
    changed = token[:position] + character + token[position + 1 :]
    assert read_token(changed) == (invitation_id if changed == token else None)


@pytest.mark.parametrize("spoil", [lambda t: t + "A", lambda t: t[:-1], lambda t: t + "=", lambda t: "é" + t[1:]])
def test_token_of_another_length_or_alphabet_is_refused(spoil):
    assert read_token(spoil(make_token(uuid4()))) is None


def test_token_signed_with_a_retired_key_is_still_read():
    invitation_id = UUID(int=7)
    with override_settings(SECRET_KEY="a retired key of more than thirty characters"):
        token = make_token(invitation_id)
    assert read_token(token) is None
    with override_settings(SECRET_KEY_FALLBACKS=["a retired key of more than thirty characters"]):
        assert read_token(token) == invitation_id
