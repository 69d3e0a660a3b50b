"""Programs that make what ships, over several stages: they read, train and measure. No command needs them."""
