"""Speed against the physical floor: a bare read and write loop on a terminal, in the same run."""
