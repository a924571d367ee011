"""Who may call: bearer tokens are verified here, and made for the calls of this service."""
