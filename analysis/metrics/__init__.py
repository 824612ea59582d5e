"""The nonverbal metrics: their definitions, the intervals they are made of, and the words of their evidence."""
