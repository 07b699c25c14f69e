"""The rules that span rows and sheets, one small function each, by subject; `model.rules.checks` lists them all."""
