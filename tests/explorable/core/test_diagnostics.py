from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics, did_you_mean, nearest


def test_a_problem_is_written_as_file_line_level_message():
    assert (
        str(Diagnostic("essays/x.md", 12, "error", "no such figure"))
        == "essays/x.md:12: error: no such figure"
    )


def test_problems_come_in_the_order_of_the_file_each_once():
    diagnostics = Diagnostics("x.md")
    diagnostics.warning(9, "late")
    diagnostics.error(2, "early")
    diagnostics.warning(9, "late")
    assert [(p.line, p.level) for p in diagnostics.sorted()] == [(2, "error"), (9, "warning")]


def test_the_nearest_name_is_found_whatever_its_case():
    assert nearest("Storm-Telegrph", ["storm-telegraph", "storm-heatmap"]) == "storm-telegraph"
    assert nearest("qqq", ["storm-telegraph"]) is None


def test_a_message_names_the_nearest_or_the_few_there_are():
    assert did_you_mean("beta1", ["beta", "seed"]) == "; the nearest is 'beta'"
    assert did_you_mean("qqq", ["beta", "seed"]) == "; there are 'beta', 'seed'"
    assert did_you_mean("qqq", [f"name{i}" for i in range(30)]) == ""
    assert did_you_mean("qqq", []) == ""
