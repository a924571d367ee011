"""What a service tells: kept with the change itself, numbered, and offered to others."""
