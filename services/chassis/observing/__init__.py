"""What a service tells those who watch it: a log line, figures and a trace of each request."""
