"""The tables of one scenario turned into the sets and numbers of the model."""

from model.data.planning import PlanningData, find_planning_data

__all__ = ["PlanningData", "find_planning_data"]
