"""Files of many series: readings of many assets in one table, as Parquet or as CSV."""
