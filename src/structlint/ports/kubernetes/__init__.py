"""Ports in Kubernetes manifests, and in the objects that kustomize builds from them."""
