"""The figures of "When does a network stop memorising and start to understand?", in its order."""

from .circle.construction import debug_vis
from .circle.embedding import circle_vis, embed, proj_vis
from .circle.five import five_neuron_accuracy, five_neuron_circle, five_neuron_circle_2, five_neuron_embed
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
from .parity.curves import parity_accuracy, parity_loss
from .parity.weights import parity_weights, parity_weights_trajectory
from .sweeps.factorisations import sweep_mod
from .sweeps.memorising import (
    open_q_mem_0_accuracy,
    open_q_mem_0_weights,
    open_q_mem_1_accuracy,
    open_q_mem_1_weights,
)
from .sweeps.parity import sparse_parity_sweep

__all__ = [
    "circle_vis",
    "debug_vis",
    "embed",
    "five_neuron_accuracy",
    "five_neuron_circle",
    "five_neuron_circle_2",
    "five_neuron_embed",
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
    "open_q_mem_0_accuracy",
    "open_q_mem_0_weights",
    "open_q_mem_1_accuracy",
    "open_q_mem_1_weights",
    "parity_accuracy",
    "parity_loss",
    "parity_weights",
    "parity_weights_trajectory",
    "proj_vis",
    "sparse_parity_sweep",
    "sweep_mod",
]
