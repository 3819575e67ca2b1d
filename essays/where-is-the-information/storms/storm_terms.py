"""What two towns teach about a third: one bar of its parts, and two ladders that end at the same height."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

import infodecomp
from infodecomp.explorable import Choice, figure, key_number

from .pictures.terms import ATOMS, MEASURES, NAMES, SAME, TERM, plain, redundancy_range, terms_picture
from .storms import STORMS, nothing_to_learn, weather

MEANING = {
    "i_ab": "what both towns together teach you",
    "i_a": "what A alone teaches you",
    "i_b": "what B alone teaches you",
    "i_b_given_a": "what B adds once you know A",
    "i_a_given_b": "what A adds once you know B",
    "i_towns": "what A gives away about B",
    "i_towns_given_y": "what A gives away about B once you know your weather",
}

PARTS = {  # of which a term consists
    "i_ab": ("redundancy", "unique_a", "unique_b", "synergy"),
    "i_a": ("redundancy", "unique_a"),
    "i_b": ("redundancy", "unique_b"),
    "i_b_given_a": ("unique_b", "synergy"),
    "i_a_given_b": ("unique_a", "synergy"),
}
ORIGIN = {
    "redundancy": "could come from either town",
    "unique_a": "only from A",
    "unique_b": "only from B",
    "synergy": "only from both together",
}

AGREED = " on what could come from either town"

MEASURE = Choice(
    name="measure",
    label="Redundancy by",
    default="i_min",
    options={
        "i_min": "I_min (Williams & Beer)",
        "broja": "BROJA (Bertschinger et al.)",
        "mmi": "MMI (Barrett)",
    },
)


@lru_cache(maxsize=256)
def terms_of(**storms) -> SimpleNamespace:
    """The terms, their cells and the decompositions of one world, in bits."""
    joint = weather(**storms).joint
    terms, cells = infodecomp.information_terms(joint), infodecomp.term_contributions(joint)
    parts = {measure: infodecomp.partial_information(joint, measure) for measure in MEASURES}
    return SimpleNamespace(
        cells={name: cells[key].numpy() for name, key in NAMES.items()},
        bits={name: terms[key].item() for name, key in NAMES.items()},
        atoms={
            measure: {name: getattr(part, name).item() for name in ATOMS} for measure, part in parts.items()
        },
    )


@figure(
    parameters=(*STORMS, MEASURE, TERM),
    title="What both towns teach you, in parts",
    controls=("measure",),
    presets={
        "both": "term=i_ab",
        "a-alone": "term=i_a",
        "b-alone": "term=i_b",
        "b-after-a": "term=i_b_given_a",
        "a-after-b": "term=i_a_given_b",
        "between-towns": "term=i_towns",
        "co-information": "term=co_information",
        "broja": "measure=broja",
        "i-min": "measure=i_min",
        "disagree": "p00=0&p01=.3&p10=0&p11=1&storm_a=.2&storm_b=.8&tie=0&measure=broja",
    },
)
def storm_information_terms(measure, term, **storms):
    """The mutual informations of A, B and Y, and the parts of I(A,B;Y) by three definitions of redundancy."""
    world, terms = weather(**storms), terms_of(**storms)
    a, b, y = np.indices((2, 2, 2)).reshape(3, -1)
    return {
        "nothing": nothing_to_learn(world),
        "term": term,
        "measure": measure,
        "bits": terms.bits | terms.atoms[measure],
        "atoms": terms.atoms,
        "redundancies": {name: atoms["redundancy"] for name, atoms in terms.atoms.items()},
        "cells": {
            "a": a,
            "b": b,
            "y": y,
            "probability": world.joint.reshape(-1).numpy(),
            "contribution": terms.cells[term].ravel(),
        },
        "plane": {"total": world.plane.total, "information": world.plane.information},
        "front": {"budget": world.front.budget, "information": world.front.information},
        "entropy_a": world.entropy_a,
        "entropy_b": world.entropy_b,
    }


storm_information_terms.draw(terms_picture)


@storm_information_terms.values
def terms_values(data):
    return data["bits"] | {f"redundancy_{name}": bits for name, bits in data["redundancies"].items()}


@storm_information_terms.describe
def terms_description(data):
    bits, term = data["bits"], data["term"]
    if data["nothing"]:
        return data["nothing"]
    least, most = redundancy_range(data)
    meaning = MEANING.get(term, "")
    sentence = f"{meaning[:1].upper()}{meaning[1:]}: {key_number(plain(bits[term]) + ' bits')}. "
    if term == "co_information":
        sentence = _shared(bits[term])
    if most - least < SAME:
        return f"{sentence}{_origins(bits, term)}All three measures agree{'' if term in PARTS else AGREED}."
    return (
        f"{sentence}Depending on the measure, {plain(least)} to {plain(most)} bits of what both teach you "
        "could come from either town."
    )


def _origins(bits: dict[str, float], term: str) -> str:
    """From which town the parts of a term come, such as 'Of these, 0.097 could come from either town. '."""
    found = [name for name in PARTS.get(term, ()) if bits[name] >= SAME]
    if not found:
        return ""
    if len(found) == 1:
        [name] = found
        return f"All of it {'' if name == 'redundancy' else 'comes '}{ORIGIN[name]}. "
    parts = [f"{plain(bits[name])} {ORIGIN[name]}" for name in found]
    if found[0] != "redundancy":
        parts[0] = parts[0].replace(" only", " come only")
    return f"Of these, {', '.join(parts[:-1])} and {parts[-1]}. "


def _shared(bits: float) -> str:
    if abs(bits) < SAME:
        return "Together the towns teach you as much as one by one. "
    difference = key_number(f"{plain(abs(bits))} bits")
    return f"Together the towns teach you {difference} {'less' if bits > 0 else 'more'} than one by one. "


@storm_information_terms.value_text
def terms_voice(data):
    return {
        "term": f"{NAMES[data['term']]}, {plain(data['bits'][data['term']])} bits",
        "measure": f"{MEASURES[data['measure']]}, {plain(data['bits']['redundancy'])} bits redundant",
    }


@storm_information_terms.table
def terms_table(data):
    names = [*NAMES, *ATOMS]
    return {
        "term": [NAMES.get(name, f"{ATOMS.get(name)} ({MEASURES[data['measure']]})") for name in names],
        "bits": [data["bits"][name] for name in names],
    }
