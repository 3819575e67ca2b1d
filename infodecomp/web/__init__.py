"""The web application: the only part of the package that imports Flask and the server."""
