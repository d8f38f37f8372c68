"""How well the platform noticed what truly went wrong: labels against anomalies and incidents."""
