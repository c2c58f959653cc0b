"""Server processes and commands: startup, scheduler, worker, connections and maintenance."""
