"""E-government as it is lived: dossiers one by one, and the services that handle them."""
