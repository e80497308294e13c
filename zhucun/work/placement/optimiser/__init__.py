"""分村选队 as a pure problem: who goes to which village with whom, proven best; no Django, no database, no clock.

`reading` makes a Problem of a JSON document, `solve` makes a Result of a Problem, `checking` judges any plan
independently, `diagnosis` names the rules that stand in each other's way, `pricing` answers “why not this one?”,
`baselines` are the other ways it is done, `area` cuts what is larger than a county into counties.
The rules H1 to H11, the objective and the goals stand in docs/explanation/placement.md.
"""
