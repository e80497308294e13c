"""督查：今年以来开展常态化督查12次，发现问题13起，发出督查通报9期，提出整改意见18条。

The room's nouns: round (督查), draw (抽取), visit (到村核查), presence (在岗情况), finding (问题), correction (整改意见),
circular (督查通报). What is found about people is judged on site by people; nothing is scored by use of an app.
"""
