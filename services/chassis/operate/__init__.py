"""What commands do to a running system: they look at what services tell and hear, and mend it."""
