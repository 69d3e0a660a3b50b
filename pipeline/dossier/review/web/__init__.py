"""The server of the review page: `dossier review`."""
