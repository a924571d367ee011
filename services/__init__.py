"""Each folder is a service, but for chassis, which is what they share."""
