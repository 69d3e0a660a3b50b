"""dossier: open reports into curated, cited records."""

__version__ = "0.1.0"
