"""LinBan as an app on the phone: its service worker."""
