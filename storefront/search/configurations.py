"""How PostgreSQL reads the words of each language: the names of its own configurations."""

from models.language import OWN

# The generated column has them too (migration 20261208).
CONFIGURATIONS = {OWN: "english", "de": "german"}
