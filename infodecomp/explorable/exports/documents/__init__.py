"""Forms for people: a slide, an archive of pictures, a QR code, plain text."""
