"""httpx clients for the systems outside: SMS gateway and identity register."""
