"""Goals that fellows and mentors agree on, measured by first answers."""
