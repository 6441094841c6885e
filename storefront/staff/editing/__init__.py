"""One way to write every text: articles, tutorials, pages and policies."""
