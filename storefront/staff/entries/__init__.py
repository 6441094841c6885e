"""What texts lean on, each a short form: sources, authors, words, muscles, regions, routines."""
