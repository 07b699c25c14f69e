"""Questions that take many solves of one model; `ANALYSES` names them."""
