"""What services share; it names none of them."""
