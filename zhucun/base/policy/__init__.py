"""制度: “出台《管理办法》…《通知》”: documents, their clauses, and the numbers rules use, each from a day on.

Nouns: document, clause, parameter (a dated value for a rule, with the clause it rests on and the area it holds in).
"""
