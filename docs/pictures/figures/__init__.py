"""The figures of the articles and tutorials; ``docs/pictures/draw.py`` writes them all.

A figure stands in the file of what it shows: those whose key begins with a muscle in the muscle's,
the others in ``how``, ``exercises``, ``everyday`` and ``referred_pain``. They are put together
from the rest: ``geometry``, ``style`` and ``drawing`` for what a file is made of, ``body``,
``back`` and ``claw`` for person and tool, ``poses``, ``insets`` and ``anatomy`` for what several
figures show.
"""
