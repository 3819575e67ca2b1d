"""The distributed information bottleneck on tables: which distinctions in a column are worth their bits?"""
