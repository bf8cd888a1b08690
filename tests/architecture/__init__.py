"""Guards of the house: floors, routes, templates, words, migrations."""
