"""Pictures of results by the engine: they know no science and no command line."""
