"""The JSON API of analyses. Views fetch, authorise and delegate; services decide."""
