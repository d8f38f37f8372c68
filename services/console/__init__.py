"""The operators' web page for incidents: server-rendered, for any browser and a keyboard."""
