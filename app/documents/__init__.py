"""Files people provide: uploads, content checks, pictures and previews."""
