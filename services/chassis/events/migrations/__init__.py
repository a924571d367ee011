"""The tables of events, in every service's database."""
