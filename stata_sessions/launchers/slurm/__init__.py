"""Consoles as job steps of Slurm, which places, queues, limits and ends them."""
