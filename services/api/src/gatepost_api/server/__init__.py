"""Running the server: storage, bootstrap, scheduler, worker process and maintenance."""
