"""Free tools: loading, claiming and taking back codes and seats."""
