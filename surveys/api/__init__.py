"""Surveys, invitations and answers, by the API."""
