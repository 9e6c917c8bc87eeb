"""The demo organization: a year of believable data of a company that does not exist."""
