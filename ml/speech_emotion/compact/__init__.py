"""The compact version: five networks that hear a window in different ways, and how they are made."""
