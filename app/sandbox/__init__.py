"""The outside world for make run and tests, over real HTTP in its own process."""
