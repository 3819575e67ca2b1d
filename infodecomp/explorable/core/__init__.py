"""What every part of the engine uses: errors, diagnostics, lazy attributes."""
