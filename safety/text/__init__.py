"""What looks at words: normalised views of a text, and the rule packs that read them."""
