"""The distributed information bottleneck on tables: which distinctions in each column are worth their bits?"""
