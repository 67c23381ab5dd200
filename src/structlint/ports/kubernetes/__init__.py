"""Ports in Kubernetes manifests and what kustomize builds of them."""
