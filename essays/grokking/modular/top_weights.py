"""The weights of the network while it learns: all of them as a heat map, and as one wave for each neuron."""

from infodecomp.explorable import figure

from .neurons import heat_picture, purity_words, wave_picture, weight_data, weight_table
from .runs import TOP, advance_run, run_is_cached, shown_run

SOURCE = (
    "Rows are neurons, in the order of how many waves each has in the end. Blue is positive, orange "
    "negative; the scale is the largest weight at the end."
)

WAVE_SOURCE = (
    "One neuron of each frequency is bold; the pale band is the wave that it has in the end. Heights are "
    "shares of the largest weight at the step shown."
)


@figure(
    parameters=TOP,
    title="All weights of the network",
    controls=("mod_step", "mod_run", "mod_seed"),
    source=SOURCE,
)
def mod_top_weights(**state):
    """The weights of a run at a moment."""
    return weight_data(shown_run(state))


@mod_top_weights.draw
def heat(data):
    return heat_picture(data)


@figure(
    parameters=TOP,
    title="Every neuron as a wave over the numbers",
    controls=("mod_step",),
    source=WAVE_SOURCE,
)
def mod_top_waves(**state):
    """The input weights of each neuron at a moment, by final frequency."""
    return weight_data(shown_run(state))


@mod_top_waves.draw
def waves(data):
    return wave_picture(data)


def values(data):
    return {
        "step": data["step"],
        "purity": 100 * data["purity"],
        "n_frequencies": data["n_frequencies"],
        "frequencies": ", ".join(str(group.frequency) for group in data["groups"] if group.frequency),
    }


@mod_top_weights.describe
def heat_description(data):
    return f"{data['whose']}all weights after {data['step']:,} steps; {purity_words(data)}."


@mod_top_waves.describe
def wave_description(data):
    frequencies = [str(group.frequency) for group in data["groups"] if group.frequency]
    return (
        f"{data['whose']}the input weights of {len(data['order'])} neurons after {data['step']:,} steps, "
        f"grouped by the frequencies {', '.join(frequencies)} at which they end; {purity_words(data)}."
    )


for shown in (mod_top_weights, mod_top_waves):
    shown.is_cached(run_is_cached)
    shown.advance(advance_run)
    shown.values(values)
    shown.table(weight_table)
