"""The linear program, one module a theme; `README.md` beside this file shows every equation."""
