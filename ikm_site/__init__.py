"""The Sphinx extensions and commands of the IKM site, one module per concern."""
