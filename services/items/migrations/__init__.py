"""The tables of the items service."""
