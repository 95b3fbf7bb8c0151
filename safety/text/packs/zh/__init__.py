"""Chinese words for the rules, in simplified characters; traditional ones are folded before they are compared."""
