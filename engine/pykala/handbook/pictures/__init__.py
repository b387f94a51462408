"""Pictures of the handbook: policies and a language in, accessible SVG and the same as text out."""

from pykala.handbook.pictures.picture import Picture
from pykala.handbook.pictures.rings import choice_rings
from pykala.handbook.pictures.timeline import service_timeline

__all__ = ["Picture", "choice_rings", "service_timeline"]
