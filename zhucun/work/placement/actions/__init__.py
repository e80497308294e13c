"""What is done in a round, one module per noun: the round itself, what is gathered, proposals, the approval, objections."""
