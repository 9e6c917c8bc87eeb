"""How allauth works here: sign-up creates an organization, mail is sent in the product's name."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own behaviour, except where this product decides."""
