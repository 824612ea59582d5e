"""What the trainers of the recognisers share: loop, calibration, metrics, packaging, cards.

Importing a module of this package never imports TensorFlow; :func:`ml.training.backend.keras` does, when a trainer
asks for it.
"""
