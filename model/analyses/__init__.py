"""Questions that take many solves of one model: `questions` lists them, `register` names what answers each."""
