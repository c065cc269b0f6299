"""What the tables of an assessment and its charts hold as files, formula-safe."""

from reports.exports.charts import figure_table, figure_title, svg_file
from reports.exports.tables import plan, sheets

__all__ = ["figure_table", "figure_title", "plan", "sheets", "svg_file"]
