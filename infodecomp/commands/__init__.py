"""The commands of the command line, one module each; they stand on the science and, for their pictures, on the engine."""
