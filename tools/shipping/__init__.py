"""What a wheel of the library is made of: its files, its name, what it needs, its project file."""
