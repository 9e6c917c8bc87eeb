"""What every test stands on: databases cloned from one template, mail, worker, web server and browser."""
