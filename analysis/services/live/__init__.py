"""Services of live rooms: the model versions they use, and the summary and analysis of a finished room."""
