"""The browser's and the program's door."""
