"""The figures of "Where is the information in data?", in the order in which the essay meets them."""

from .bets.bet_figures import bet_half, bet_hour, bet_twins, bets_kept
from .bikes.bike_ask import bike_ask
from .bikes.bike_distinctions import bike_distinctions
from .bikes.bike_fits import bike_fits
from .bikes.bike_ladder import bike_ladder
from .bikes.bike_messages import bike_messages
from .bikes.bike_train import bike_train
from .bikes.bike_week import bike_week
from .bikes.tabular_decomp import tabular_decomp
from .learned.board_distinctions import board_distinctions
from .learned.board_information import board_information
from .learned.board_presets import board_presets
from .learned.code_overlap import code_overlap
from .line.telegraph_line import telegraph_line
from .lot.parking_lot import parking_lot
from .storms.storm_allocation import storm_allocation
from .storms.storm_any_line import storm_any_line
from .storms.storm_guess import storm_guess
from .storms.storm_plane import storm_telegraph
from .storms.storm_terms import storm_information_terms
from .storms.storm_weather import storm_heatmap, storm_presets, storm_probability_sliders
from .storms.storm_wires import storm_transmission_sliders

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
