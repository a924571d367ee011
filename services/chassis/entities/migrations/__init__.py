"""The tables of the chassis for entities, in every service's database."""
