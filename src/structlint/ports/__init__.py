"""Who listens where: the ports that compose files, manifests and their like name, each with its line."""
