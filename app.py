"""The web application: `python app.py` serves it; other WSGI servers use `app:create_app()`."""

from infodecomp.web.factory import create_app
from infodecomp.web.serve import main

__all__ = ["create_app", "main"]

if __name__ == "__main__":
    main()
