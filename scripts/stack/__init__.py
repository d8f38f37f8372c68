"""Everything on one machine: a private database, a private broker and the services on them."""
