"""Inference for live rooms: sessions, the pool of worker programs and their pipes."""
