"""What comes back about messages: bounces and complaints by mail, events from a provider."""
