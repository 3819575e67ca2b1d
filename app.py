"""The web application: `python app.py` serves it; other WSGI servers use `app:create_app()`."""

from infodecomp.web.serve import main


def create_app(config=None):
    """Make the WSGI application; see `infodecomp.web.factory.create_app`."""
    from infodecomp.web import factory  # after the settings were checked: it takes seconds

    return factory.create_app(config)


if __name__ == "__main__":
    main()
