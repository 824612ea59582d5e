"""Pictures of faces turned in three dimensions, to measure recognisers with. Nothing here is served."""
