"""Whether following up helps: the next answers of those who were cared for and of those who were not, and money."""
