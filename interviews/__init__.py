"""People, organizations, interviews and their recordings. Knows nothing of machine learning."""
