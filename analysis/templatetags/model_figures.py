"""The figures of model versions as template filters (:mod:`analysis.reporting.model_figures`)."""

from django import template

from analysis.reporting import model_figures

register = template.Library()

register.filter(model_figures.latency)
register.filter(model_figures.model_size)
register.filter(model_figures.percent_exact)
register.filter(model_figures.thousands)
