"""The figures of "Where is the information in data?", in the order in which the essay meets them."""

from .bet_figures import bet_half, bet_hour, bet_twins, bets_kept
from .bike_ask import bike_ask
from .bike_distinctions import bike_distinctions
from .bike_fits import bike_fits
from .bike_ladder import bike_ladder
from .bike_messages import bike_messages
from .bike_train import bike_train
from .bike_week import bike_week
from .board_distinctions import board_distinctions
from .board_information import board_information
from .board_presets import board_presets
from .code_overlap import code_overlap
from .parking_lot import parking_lot
from .storm_allocation import storm_allocation
from .storm_any_line import storm_any_line
from .storm_guess import storm_guess
from .storm_plane import storm_telegraph
from .storm_terms import storm_information_terms
from .storm_weather import storm_heatmap, storm_presets, storm_probability_sliders
from .storm_wires import storm_transmission_sliders
from .tabular_decomp import tabular_decomp
from .telegraph_line import telegraph_line

__all__ = [
    "bet_half",
    "bet_hour",
    "bet_twins",
    "bets_kept",
    "bike_ask",
    "bike_distinctions",
    "bike_fits",
    "bike_ladder",
    "bike_messages",
    "bike_train",
    "bike_week",
    "board_distinctions",
    "board_information",
    "board_presets",
    "code_overlap",
    "parking_lot",
    "storm_allocation",
    "storm_any_line",
    "storm_guess",
    "storm_heatmap",
    "storm_information_terms",
    "storm_presets",
    "storm_probability_sliders",
    "storm_telegraph",
    "storm_transmission_sliders",
    "tabular_decomp",
    "telegraph_line",
]
