"""What runs behind the doors: store, detection, incidents, api."""
