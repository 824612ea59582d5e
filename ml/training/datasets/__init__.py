"""The labelled data sets that networks are trained and measured on."""
