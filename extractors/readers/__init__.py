"""Bytes in, pages of lines and tables out, alike whatever the file was."""
