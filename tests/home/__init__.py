"""Home, 我的, devices, settings."""
