"""What machines read: sitemaps, feeds, twins in Markdown, share pictures, linked data."""
