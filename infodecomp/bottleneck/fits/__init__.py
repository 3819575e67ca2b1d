"""Estimators around DistributedBottleneck: of one task, and of several fits."""
