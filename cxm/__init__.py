"""The roof: composes the applications and is imported by none of them."""
