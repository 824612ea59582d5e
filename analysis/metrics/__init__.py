"""The nonverbal metrics: definitions, interval arithmetic, and the text of their evidence."""
