"""What is larger than a county: prices of people and one flow for a proven bound, counties solved exactly as parts.

`table` turns the problem into arrays, `teams` finds the best team of every unit in every village at the people's prices,
`prices` finds good prices and proves the bound, `parts` cuts, `sharing` hands out, `plan` solves, repairs and polishes.
"""
