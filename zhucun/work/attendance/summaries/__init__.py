"""Months added up: 考勤月表 of a team, 汇总表 of a township and of the county, a sending unit's people; each also as Excel and paper."""
