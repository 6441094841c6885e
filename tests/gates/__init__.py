"""What every page is held against: HTML, structured data, Lighthouse."""
