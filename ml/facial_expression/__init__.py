"""Facial expression: a 48x48 grey face to seven expressions."""
