"""What every room needs and no feature owns: database, web, errors, crypto, clock."""
