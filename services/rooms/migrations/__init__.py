"""The tables of the rooms service."""
