"""Who is who: people, phones, staff, departments, sessions, sign-in."""
