"""Eye gaze: nothing is trained; the iris network is rewired for several looks at one eye."""
