"""The rules that span rows and sheets, one small function each, by subject; `model.checks` lists them all."""
