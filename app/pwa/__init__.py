"""LinBan as an app on the phone: its service worker, its place on the home screen."""
