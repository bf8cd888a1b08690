"""What we tell a person: the inbox."""
