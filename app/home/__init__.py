"""Pages composed from several rooms: home, my cases, the case page, me."""
