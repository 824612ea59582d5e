"""The demo recording: a short job interview, made by the project itself from free material."""
