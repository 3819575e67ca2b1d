from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics, did_you_mean, nearest


def test_a_diagnostic_is_printed_as_file_line_level_message():
    assert (
        str(Diagnostic("essays/x.md", 12, "error", "no such figure"))
        == "essays/x.md:12: error: no such figure"
    )


def test_diagnostics_are_sorted_without_duplicates():
    diagnostics = Diagnostics("x.md")
    diagnostics.warning(9, "late")
    diagnostics.error(2, "early")
    diagnostics.warning(9, "late")
    assert [(p.line, p.level) for p in diagnostics.sorted()] == [(2, "error"), (9, "warning")]


def test_the_nearest_name_is_found_whatever_its_case():
    assert nearest("Storm-Telegrph", ["storm-telegraph", "storm-heatmap"]) == "storm-telegraph"
    assert nearest("qqq", ["storm-telegraph"]) is None


def test_a_message_suggests_the_nearest_name_or_lists_a_few():
    assert did_you_mean("beta1", ["beta", "seed"]) == "; the nearest is 'beta'"
    assert did_you_mean("qqq", ["beta", "seed"]) == "; there are 'beta', 'seed'"
    assert did_you_mean("qqq", [f"name{i}" for i in range(30)]) == ""
    assert did_you_mean("qqq", []) == ""
