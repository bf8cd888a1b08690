"""From draft to receipt: drafts, submission and the signed receipt."""
