"""Finding, landmarking and following the candidate's face; one pass feeds three recognisers."""
