"""The figures of "When does a network stop memorising and start to understand?", in its order."""

from .modular.ablate import grok_ablate
from .modular.answer import mod_bot_logits, mod_bot_sliders
from .modular.bottom import (
    mod_bot_accuracy,
    mod_bot_dft,
    mod_bot_freqs_hidden,
    mod_bot_freqs_out,
    mod_bot_waves,
)
from .modular.information import grok_information
from .modular.live import grok_live
from .modular.progress import grok_progress
from .modular.seeds import mod_bot_seeds
from .modular.top_accuracy import mod_top_accuracy
from .modular.top_weights import mod_top_waves, mod_top_weights

__all__ = [
    "grok_ablate",
    "grok_information",
    "grok_live",
    "grok_progress",
    "mod_bot_accuracy",
    "mod_bot_dft",
    "mod_bot_freqs_hidden",
    "mod_bot_freqs_out",
    "mod_bot_logits",
    "mod_bot_seeds",
    "mod_bot_sliders",
    "mod_bot_waves",
    "mod_top_accuracy",
    "mod_top_waves",
    "mod_top_weights",
]
