"""What the analysis of a recording costs: processor seconds, real-time factor, memory, beside decoding alone."""
