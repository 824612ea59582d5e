"""Services of the model registry: register, activate, try and retire model versions."""
