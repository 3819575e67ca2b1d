"""Finite-state processes: what their past says about their future, and beliefs about their hidden state."""
