"""Face detection, landmarks and tracking: one pass per recording or session, shared by three recognisers."""
