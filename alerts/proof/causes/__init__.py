"""Editing the list of root causes: two levels, names, order, and what is offered no more."""
