"""The figures of "When do two networks compute the same?", in the order in which the essay meets them."""

from .bet_figures import bet_layer_bits, bet_matches, bet_peaks, bet_relation, bet_selves, bet_shared
from .bets_recalled import bets_recalled
from .broad_peaks import broad_peaks
from .function_finder import function_finder
from .fuzzy_xor import fuzzy_xor
from .information_ratio import information_ratio
from .network_entropies import network_entropies
from .network_similarity import network_similarity
from .peak_and_compression import peak_and_compression
from .same_answers import same_answers

__all__ = [
    "bet_layer_bits",
    "bet_matches",
    "bet_peaks",
    "bet_relation",
    "bet_selves",
    "bet_shared",
    "bets_recalled",
    "broad_peaks",
    "function_finder",
    "fuzzy_xor",
    "information_ratio",
    "network_entropies",
    "network_similarity",
    "peak_and_compression",
    "same_answers",
]
