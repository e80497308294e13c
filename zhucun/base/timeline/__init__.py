"""时间: everything that holds has a first and a last day; whoever needs to know asks `.on(day)`.

Nouns: span (start inclusive, end exclusive), period (月 季 半年 年), workday (weekends, holidays, 调休), the one clock.
"""
