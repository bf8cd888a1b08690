"""The form engine: definition + answers + now -> visible pages, values, errors. Pure; imports nothing of ours."""
