"""How the demonstration county is made: drawn as a plan (pure, always the same), then told through the actions of the rooms."""
