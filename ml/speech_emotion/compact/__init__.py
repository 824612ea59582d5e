"""The compact version: three networks that hear a window in different ways, and how they are trained."""
