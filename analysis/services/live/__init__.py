"""Writing for live rooms: the models they use, and the summary and analysis of a finished room."""
