"""Who hears of a promised time that runs out: steps at a share of it, each taken once, told before it is too late."""
