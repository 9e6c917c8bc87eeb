"""The link of an invitation, made when its mail is written: the queued mail holds no secret."""

from django import template

from tenancy import invites

register = template.Library()


@register.simple_tag
def invite_url(invite_id: str) -> str:
    return invites.invite_url(invite_id)
