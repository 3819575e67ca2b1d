"""Everything that is searched or trained beforehand and stored in models/."""
