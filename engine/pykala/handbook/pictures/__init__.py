"""Pictures of the handbook: policies and a language in, accessible SVG and the same as text out."""

from pykala.handbook.pictures.phases import service_phases
from pykala.handbook.pictures.picture import Picture
from pykala.handbook.pictures.process import policy_process
from pykala.handbook.pictures.rings import choice_rings
from pykala.handbook.pictures.timeline import service_timeline

__all__ = ["Picture", "choice_rings", "policy_process", "service_phases", "service_timeline"]
