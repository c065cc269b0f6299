"""Forms of assessments: strings into values, and what is wrong with them."""
