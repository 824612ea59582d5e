"""What leaves the platform as a file: pure functions of plain data, which every export is made of."""
