"""Commands on their way out and answers on their way back: rows to messages, messages to rows."""
