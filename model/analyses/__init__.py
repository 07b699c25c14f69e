"""Analyses that solve one program many times: `questions` lists them, `register` has the function for each."""
