"""The form that addresses of one page share: only ever compared, never shown."""
