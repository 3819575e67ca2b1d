"""What every test shares: one thread for torch, and hypothesis without a clock."""

import torch
from hypothesis import HealthCheck, settings

torch.set_num_threads(1)  # before any work: a child forked after threads have run hangs

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
