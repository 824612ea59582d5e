"""Encryption at rest of stored media: the format of encrypted files, and the installation's keys that wrap theirs."""
